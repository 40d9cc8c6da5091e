import { Service, computed, inject, signal } from '@angular/core';
import type { CommandInput, CommandReply } from '@clawtank/contracts';
import { LiveSocket } from './live-socket';

/** Which rooms the shared socket follows. A room is left when nobody on the page looks at it any more, and never while a join is on its way. */
@Service()
export class FollowedRooms {
  private readonly socket = inject(LiveSocket);
  private readonly viewers = signal<ReadonlyMap<string, number>>(new Map());
  private readonly joining = new Map<string, Promise<unknown>>();

  readonly ids = computed<ReadonlySet<string>>(() => new Set(this.viewers().keys()));

  /** Counts one who looks at the room, until what it returns is called. */
  enter(roomId: string): () => void {
    this.count(roomId, 1);
    return () => {
      this.count(roomId, -1);
      void this.leaveUnlessWanted(roomId);
    };
  }

  join(request: CommandInput<'join_room'>): Promise<CommandReply<'join_room'>> {
    const joining = this.socket.ask('join_room', request);
    this.joining.set(request.roomId, joining);
    return joining;
  }

  private async leaveUnlessWanted(roomId: string): Promise<void> {
    try {
      await this.joining.get(roomId);
      if (!this.ids().has(roomId)) {
        await this.socket.ask('leave_room', { roomId });
      }
    } catch {
      // Never joined, or the connection is gone and the following with it.
    }
  }

  private count(roomId: string, change: number): void {
    this.viewers.update((viewers) => {
      const next = new Map(viewers);
      const count = (viewers.get(roomId) ?? 0) + change;
      if (count > 0) {
        next.set(roomId, count);
      } else {
        next.delete(roomId);
      }
      return next;
    });
  }
}
