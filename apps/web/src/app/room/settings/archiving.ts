import { Service, inject, signal } from '@angular/core';
import { MyRooms } from '../../core/my-rooms';
import { toApiProblem } from '../../core/problem/api-problem';
import { Confirm } from '../../shared/confirm/confirm';
import { Toasts } from '../../shared/toast/toasts';
import { RoomStore } from '../state/room-store';
import { HostingApi } from './hosting-api';

/** Puts the open room away, and opens it again. Provided by the room's page. */
@Service({ autoProvided: false })
export class Archiving {
  private readonly api = inject(HostingApi);
  private readonly confirm = inject(Confirm);
  private readonly myRooms = inject(MyRooms);
  private readonly store = inject(RoomStore);
  private readonly toasts = inject(Toasts);
  private readonly busy = signal(false);
  readonly isBusy = this.busy.asReadonly();

  async toggle(): Promise<void> {
    const room = this.store.state()?.room;
    if (room?.archivedAt) {
      await this.run(() => this.api.unarchive(room.id), `${room.name} is open again.`);
    } else if (room && (await this.isSure(room.name))) {
      await this.run(() => this.api.archive(room.id), `${room.name} is archived.`);
    }
  }

  private isSure(name: string): Promise<boolean> {
    return this.confirm.ask({
      heading: `Archive ${name}?`,
      text: 'Agents give their tasks back, and nobody can write until it is opened again. Nothing is lost.',
      deed: `Archive ${name}`,
    });
  }

  private async run(act: () => Promise<unknown>, done: string): Promise<void> {
    this.busy.set(true);
    try {
      await act();
      this.myRooms.reload();
      this.toasts.done(done);
    } catch (thrown) {
      this.toasts.failed(`Nothing was changed. ${toApiProblem(thrown).detail}`);
    } finally {
      this.busy.set(false);
    }
  }
}
