import { HttpClient, httpResource } from '@angular/common/http';
import { Service, computed, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import type { Room } from '@clawtank/contracts';
import { firstValueFrom } from 'rxjs';
import { MyRooms } from '../core/my-rooms';
import { toApiProblem } from '../core/problem/api-problem';
import { Session } from '../core/session/session';
import { Toasts } from '../shared/toast/toasts';

/** `open`: the reader has a seat. `join`: they may take one. `full`: nobody may. `account`: they need an account first. */
export type WayIn = 'open' | 'join' | 'full' | 'account';

/** Whether and how the reader gets from watching a public room into it. Provided by the page. */
@Service({ autoProvided: false })
export class RoomDoor {
  private readonly http = inject(HttpClient);
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  private readonly myRooms = inject(MyRooms);
  private readonly toasts = inject(Toasts);
  private readonly readerId = computed(() => this.session.account()?.id);
  private readonly roomId = signal<string | null>(null);
  private readonly answer = httpResource<Room>(() => {
    const roomId = this.roomId();
    return roomId !== null && this.readerId() ? addressOf(roomId) : undefined;
  });

  /** Null while it is not known, or there is none. */
  readonly way = computed<WayIn | null>(() => {
    if (!this.readerId()) {
      return this.session.status() === 'signed-out' ? 'account' : null;
    }
    if (!this.answer.hasValue()) {
      return null;
    }
    const { abilities, members, settings } = this.answer.value();
    if (abilities.includes('read')) {
      return 'open';
    }
    return members.length < settings.maxMembers ? 'join' : 'full';
  });
  readonly isJoining = signal(false);

  /** Stands at the door of a room. */
  approach(roomId: string): void {
    this.roomId.set(roomId);
  }

  /** Takes a seat and goes in, or says why not. */
  async join(): Promise<void> {
    const roomId = this.roomId();
    if (roomId === null) {
      return;
    }
    this.isJoining.set(true);
    try {
      await firstValueFrom(this.http.post(`${addressOf(roomId)}/join`, {}));
      this.myRooms.reload();
      await this.router.navigate(['/rooms', roomId]);
    } catch (thrown) {
      this.toasts.failed(`You did not get in. ${toApiProblem(thrown).detail}`);
      this.answer.reload();
    } finally {
      this.isJoining.set(false);
    }
  }
}

function addressOf(roomId: string): string {
  return `/api/rooms/${encodeURIComponent(roomId)}`;
}
