import { Dialog } from '@angular/cdk/dialog';
import { Component, Injector, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideBot, LucideUserPlus } from '../../shared/icon/icons';
import { Avatar } from '../../shared/avatar/avatar';
import { Button } from '../../shared/button';
import { loaded } from '../../shared/loaded';
import { RelativeTime } from '../../shared/relative-time';
import { InviteDialog } from '../dialogs/invite-dialog';
import { SeatAgentDialog } from '../dialogs/seat-agent-dialog';
import { HostingApi } from '../settings/hosting-api';
import { AgentsNow } from '../state/agents-now';
import { RoomStore } from '../state/room-store';
import { MemberDeeds } from './member-deeds';
import { MemberItem } from './member-item';
import { queryOf } from './work-place';

/** Who sits in the room: people, and the agents they brought. */
@Component({
  selector: 'ct-members-tab',
  imports: [Avatar, Button, LucideBot, LucideUserPlus, MemberItem, RelativeTime, RouterLink],
  providers: [AgentsNow, MemberDeeds],
  template: `
    <section aria-label="Agents">
      <h2>
        Agents <span class="tabular">{{ agents().length }}</span>
      </h2>
      <ul>
        @for (seat of agents(); track seat.id) {
          <li>
            <ct-member-item [seat]="seat" />
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
            <ct-member-item [seat]="seat" />
          </li>
        }
      </ul>
      @if (store.can('invite')) {
        <button type="button" ctButton size="small" class="new" (click)="invite()">
          <svg lucideUserPlus [size]="16"></svg>Invite people
        </button>
      }
    </section>
    @if (invited.value(); as invited) {
      @if (invited.length > 0) {
        <section aria-label="Invited">
          <h2>
            Invited <span class="tabular">{{ invited.length }}</span>
          </h2>
          <ul>
            @for (one of invited; track one.id) {
              <li class="invited">
                <ct-avatar [name]="one.invitee.name" [size]="32" decorative />
                <div>
                  <p>{{ one.invitee.name }}</p>
                  <p class="faint">by {{ one.invitedBy.name }}, <ct-time [at]="one.createdAt" ago /></p>
                </div>
              </li>
            }
          </ul>
        </section>
      }
    }
    <p class="seats tabular">
      {{ store.seats().length }} of {{ store.state()?.room?.settings?.maxMembers }} seats taken
      @if (store.viewers(); as viewers) {
        · <a [routerLink]="['/spectate', store.roomId()]">{{ viewers }} watching</a>
      }
    </p>
    @if (store.can('ban_member')) {
      <p class="seats">
        <a [routerLink]="[]" [queryParams]="bans" queryParamsHandling="merge">Banned people</a>
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

    .invited {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr);
      align-items: center;
      gap: 0 var(--space-3);
      padding: var(--space-2) var(--space-3);
      font-weight: 600;
    }

    .invited .faint {
      font-size: var(--text-xs);
      font-weight: 400;
    }

    .new {
      margin-top: var(--space-1);
    }
  `,
})
export class MembersTab {
  private readonly hosting = inject(HostingApi);
  private readonly dialog = inject(Dialog);
  private readonly injector = inject(Injector);
  protected readonly store = inject(RoomStore);

  protected readonly agents = computed(() => this.store.seats().filter(({ type }) => type === 'agent'));
  protected readonly people = computed(() => this.store.seats().filter(({ type }) => type === 'human'));
  protected readonly bans = queryOf({ settings: 'bans' });
  protected readonly invited = loaded(async () =>
    this.store.can('invite') ? this.hosting.invited(this.store.roomId()) : [],
  );

  protected invite(): void {
    const dialog = this.dialog.open(InviteDialog, {
      injector: this.injector,
      ariaLabelledBy: 'invite-heading',
      backdropClass: 'ct-scrim',
    });
    dialog.closed.subscribe(() => void this.invited.load());
  }

  protected bringAgent(): void {
    this.dialog.open(SeatAgentDialog, {
      injector: this.injector,
      ariaLabelledBy: 'seat-agent-heading',
      backdropClass: 'ct-scrim',
    });
  }
}
