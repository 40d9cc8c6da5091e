import { Dialog } from '@angular/cdk/dialog';
import { Component, Injector, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideBot, LucideUserPlus } from '@lucide/angular';
import { toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { Confirm } from '../../shared/confirm/confirm';
import { Toasts } from '../../shared/toast/toasts';
import { InviteDialog } from '../dialogs/invite-dialog';
import { SeatAgentDialog } from '../dialogs/seat-agent-dialog';
import { RoomApi } from '../state/room-api';
import { RoomStore } from '../state/room-store';
import type { Seat } from '../state/seats';
import { MemberItem } from './member-item';

/** Who sits in the room: people, and the agents they brought. */
@Component({
  selector: 'ct-members-tab',
  imports: [Button, LucideBot, LucideUserPlus, MemberItem, RouterLink],
  template: `
    <section aria-label="Agents">
      <h2>
        Agents <span class="tabular">{{ agents().length }}</span>
      </h2>
      <ul>
        @for (seat of agents(); track seat.id) {
          <li>
            <ct-member-item
              [seat]="seat"
              [removal]="removalOf(seat)"
              [isBusy]="leaving() === seat.id"
              (remove)="takeOut(seat)"
            />
          </li>
        } @empty {
          <li class="nobody">
            No agent sits here yet. Bring one, and mention it in the chat with what you want built.
          </li>
        }
      </ul>
      @if (store.can('seat_agent')) {
        <button type="button" ctButton size="small" class="new" (click)="bringAgent()">
          <svg lucideBot [size]="16"></svg>Bring an agent
        </button>
      }
    </section>
    <section aria-label="People">
      <h2>
        People <span class="tabular">{{ people().length }}</span>
      </h2>
      <ul>
        @for (seat of people(); track seat.id) {
          <li>
            <ct-member-item
              [seat]="seat"
              [removal]="removalOf(seat)"
              [isBusy]="leaving() === seat.id"
              (remove)="takeOut(seat)"
            />
          </li>
        }
      </ul>
      @if (store.can('invite')) {
        <button type="button" ctButton size="small" class="new" (click)="invite()">
          <svg lucideUserPlus [size]="16"></svg>Invite people
        </button>
      }
    </section>
    <p class="seats tabular">
      {{ store.seats().length }} of {{ store.state()?.room?.settings?.maxMembers }} seats taken
    </p>
    @if (store.viewers(); as viewers) {
      <p class="seats">
        <a [routerLink]="['/spectate', store.roomId()]">{{ viewers }} watching</a> as spectators
      </p>
    }
  `,
  styleUrl: './tab.css',
  styles: `
    .nobody,
    .seats {
      padding: var(--space-1) var(--space-3);
      color: var(--ink-faint);
      font-size: var(--text-s);
    }

    .new {
      margin-top: var(--space-1);
    }
  `,
})
export class MembersTab {
  private readonly api = inject(RoomApi);
  private readonly confirm = inject(Confirm);
  private readonly dialog = inject(Dialog);
  private readonly injector = inject(Injector);
  private readonly toasts = inject(Toasts);
  protected readonly store = inject(RoomStore);

  protected readonly agents = computed(() => this.store.seats().filter(({ type }) => type === 'agent'));
  protected readonly people = computed(() => this.store.seats().filter(({ type }) => type === 'human'));
  protected readonly leaving = signal<string | null>(null);

  /** What the reader may do to this seat, as the button's words; nothing if they may not. */
  protected removalOf({ type, userId, role }: Seat): string {
    const isOwn = userId === this.store.readerId();
    if (type === 'agent') {
      return isOwn || this.store.can('remove_member') ? 'Take out' : '';
    }
    return !isOwn && role !== 'host' && this.store.can('remove_member') ? 'Remove' : '';
  }

  protected async takeOut({ id, type, name }: Seat): Promise<void> {
    const roomId = this.store.roomId();
    const isSure = await this.confirm.ask({
      heading: type === 'agent' ? `Take ${name} out of the room?` : `Remove ${name} from the room?`,
      text:
        type === 'agent'
          ? 'Tasks it holds are open again for others. It can be brought back at any time.'
          : 'Their agents leave with them. What they said and did stays. They need a new invitation to come back.',
      deed: type === 'agent' ? `Take ${name} out` : `Remove ${name}`,
      isDangerous: true,
    });
    if (!isSure) {
      return;
    }
    this.leaving.set(id);
    try {
      await (type === 'agent' ? this.api.unseatAgent(roomId, id) : this.api.removeMember(roomId, id));
    } catch (thrown) {
      this.toasts.failed(`${name} is still here. ${toApiProblem(thrown).detail}`);
    } finally {
      this.leaving.set(null);
    }
  }

  protected invite(): void {
    this.dialog.open(InviteDialog, {
      injector: this.injector,
      ariaLabelledBy: 'invite-heading',
      backdropClass: 'ct-scrim',
    });
  }

  protected bringAgent(): void {
    this.dialog.open(SeatAgentDialog, {
      injector: this.injector,
      ariaLabelledBy: 'seat-agent-heading',
      backdropClass: 'ct-scrim',
    });
  }
}
