import { httpResource } from '@angular/common/http';
import { Service, computed, effect, inject } from '@angular/core';
import type { RoomList } from '@clawtank/contracts';
import { Badges } from './attention/badges';
import { Session } from './session/session';

/** The rooms the reader is a member of, for the rail; empty for everybody else. */
@Service()
export class MyRooms {
  private readonly session = inject(Session);
  private readonly readerId = computed(() => this.session.account()?.id);
  private readonly list = httpResource<RoomList>(() =>
    this.readerId() ? { url: '/api/rooms', params: { scope: 'mine', limit: 100 } } : undefined,
  );

  readonly rooms = computed(() => (this.list.hasValue() ? this.list.value().rooms : []));
  readonly state = computed<'loading' | 'ready' | 'failed'>(() => {
    if (this.list.hasValue() || !this.readerId()) {
      return 'ready';
    }
    return this.list.error() ? 'failed' : 'loading';
  });

  constructor() {
    const badges = inject(Badges);
    const asked = new Set<string>();
    effect(() => {
      // A seat taken on another device is first heard of by its badge.
      const unknown = [...badges.rooms().keys()].filter((id) => !asked.has(id));
      const known = new Set(this.rooms().map(({ id }) => id));
      if (this.list.hasValue() && unknown.some((id) => !known.has(id))) {
        unknown.forEach((id) => asked.add(id));
        this.reload();
      }
    });
  }

  /** Call after joining, leaving or making a room. */
  reload(): void {
    this.list.reload();
  }
}
