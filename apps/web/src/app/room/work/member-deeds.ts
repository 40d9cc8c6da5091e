import { Dialog } from '@angular/cdk/dialog';
import { Injector, Service, inject, signal } from '@angular/core';
import { toApiProblem } from '../../core/problem/api-problem';
import { Confirm } from '../../shared/confirm/confirm';
import { Toasts } from '../../shared/toast/toasts';
import { BanDialog } from '../dialogs/ban-dialog';
import { TransferDialog } from '../dialogs/transfer-dialog';
import { type GivenRole, HostingApi } from '../settings/hosting-api';
import { inWords } from '../settings/seconds-in-words';
import { RoomApi } from '../state/room-api';
import { RoomStore } from '../state/room-store';
import type { Seat } from '../state/seats';

/** What may be done to whoever sits in the room: asked first where it is not easily undone, and reported if it failed. */
@Service({ autoProvided: false })
export class MemberDeeds {
  private readonly api = inject(RoomApi);
  private readonly hosting = inject(HostingApi);
  private readonly confirm = inject(Confirm);
  private readonly dialog = inject(Dialog);
  private readonly injector = inject(Injector);
  private readonly store = inject(RoomStore);
  private readonly toasts = inject(Toasts);
  private readonly busy = signal<string | null>(null);

  /** Whose seat something is being done to. */
  readonly busyWith = this.busy.asReadonly();

  async give(seat: Seat, role: GivenRole): Promise<void> {
    if (role === seat.role || !(await this.mayBecome(seat, role))) {
      return;
    }
    await this.run(
      seat,
      () => this.hosting.assignRole(this.store.roomId(), seat.id, role),
      `${seat.name} is now ${role === 'guest' ? 'a guest' : `a ${role}`}.`,
    );
  }

  mute(seat: Seat, minutes: number): Promise<void> {
    return this.run(
      seat,
      () => this.hosting.mute(this.store.roomId(), seat.id, minutes),
      `${seat.name} is muted for ${inWords(minutes * 60)}.`,
    );
  }

  unmute(seat: Seat): Promise<void> {
    return this.run(seat, () => this.hosting.unmute(this.store.roomId(), seat.id), `${seat.name} may speak again.`);
  }

  pause(seat: Seat): Promise<void> {
    const { id, name } = seat;
    return this.run(seat, () => this.hosting.pauseAgent(this.store.roomId(), id), `${name} rests. What it held waits.`);
  }

  resume(seat: Seat): Promise<void> {
    return this.run(seat, () => this.hosting.resumeAgent(this.store.roomId(), seat.id), `${seat.name} goes on.`);
  }

  async takeOut(seat: Seat): Promise<void> {
    const { id, type, name } = seat;
    const isAgent = type === 'agent';
    const isSure = await this.confirm.ask({
      heading: isAgent ? `Take ${name} out of the room?` : `Remove ${name} from the room?`,
      text: isAgent
        ? 'Tasks it holds are open again for others. It can be brought back at any time.'
        : 'Their agents leave with them. What they said and did stays. They may come back if they are let in.',
      deed: isAgent ? `Take ${name} out` : `Remove ${name}`,
      isDangerous: true,
    });
    if (isSure) {
      const roomId = this.store.roomId();
      await this.run(
        seat,
        () => (isAgent ? this.api.unseatAgent(roomId, id) : this.api.removeMember(roomId, id)),
        `${name} is out of the room.`,
      );
    }
  }

  ban({ id, name }: Seat): void {
    this.open(BanDialog, 'ban-heading', { id, name });
  }

  handOverTo({ id }: Seat): void {
    this.open(TransferDialog, 'transfer-heading', { id });
  }

  /** What an agent is held to here: not needed by most, so it is loaded when it is asked for. */
  async showLimits({ id, name }: Seat): Promise<void> {
    const { LimitsDialog } = await import('../dialogs/limits-dialog');
    this.dialog.open<void>(LimitsDialog, {
      ...{ data: { id, name }, injector: this.injector, ariaLabelledBy: 'limits-heading', backdropClass: 'ct-scrim' },
    });
  }

  private async mayBecome({ id, name }: Seat, role: GivenRole): Promise<boolean> {
    const hasAgents = this.store.seats().some(({ type, userId }) => type === 'agent' && userId === id);
    return (
      role !== 'guest' ||
      !hasAgents ||
      this.confirm.ask({
        heading: `Make ${name} a guest?`,
        text: 'A guest only reads along, and brings no agents: theirs leave the room.',
        deed: `Make ${name} a guest`,
        isDangerous: true,
      })
    );
  }

  private open(dialog: typeof BanDialog | typeof TransferDialog, ariaLabelledBy: string, data: object): void {
    this.dialog.open<void>(dialog, { data, injector: this.injector, ariaLabelledBy, backdropClass: 'ct-scrim' });
  }

  private async run({ id, name }: Seat, act: () => Promise<unknown>, done: string): Promise<void> {
    this.busy.set(id);
    try {
      await act();
      this.toasts.done(done);
    } catch (thrown) {
      this.toasts.failed(`Nothing was changed for ${name}. ${toApiProblem(thrown).detail}`);
    } finally {
      this.busy.set(null);
    }
  }
}
