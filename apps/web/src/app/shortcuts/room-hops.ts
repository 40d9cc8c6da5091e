import { Service, computed, inject } from '@angular/core';
import { Router } from '@angular/router';
import { Badges } from '../core/attention/badges';
import { MyRooms } from '../core/my-rooms';

interface Stop {
  readonly address: string;
  readonly isUnread: boolean;
}

/** From room to room in the order of the rail, the conversations of two after them, round and round. */
@Service()
export class RoomHops {
  private readonly badges = inject(Badges);
  private readonly myRooms = inject(MyRooms);
  private readonly router = inject(Router);

  private readonly stops = computed<Stop[]>(() => [
    ...this.myRooms.rooms().map(({ id }) => {
      const badge = this.badges.of(id);
      return { address: `/rooms/${id}`, isUnread: badge !== null && badge.level !== 'none' && badge.unread > 0 };
    }),
    ...this.badges
      .direct()
      .map(({ roomId, member, unread }) => ({ address: `/rooms/${roomId}/direct/${member.id}`, isUnread: unread > 0 })),
  ]);

  go(direction: 1 | -1, only: 'any' | 'unread' = 'any'): void {
    const stops = this.stops();
    const here = stops.findIndex(({ address }) => address === this.router.url.split(/[?#]/, 1)[0]);
    const from = here === -1 && direction === -1 ? stops.length : here;
    const ahead = stops.map((_, step) => stops.at((from + direction * (step + 1)) % stops.length));
    const next = ahead.find(
      (stop, step) => step < stops.length - (here === -1 ? 0 : 1) && (only === 'any' || stop?.isUnread),
    );
    if (next) {
      void this.router.navigateByUrl(next.address);
    }
  }
}
