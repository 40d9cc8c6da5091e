import { Component, computed, inject, signal } from '@angular/core';
import type { Invitation, NewInvitation, PersonalInvitation } from '@clawtank/contracts';
import { toApiProblem } from '../../core/problem/api-problem';
import { Badge } from '../../shared/badge';
import { Button } from '../../shared/button';
import { Confirm } from '../../shared/confirm/confirm';
import { Now } from '../../shared/now';
import { RelativeTime } from '../../shared/relative-time';
import { Skeleton } from '../../shared/skeleton';
import { Toasts } from '../../shared/toast/toasts';
import { RoomStore } from '../state/room-store';
import { HostingApi } from './hosting-api';
import { InviteByName } from './invite-by-name';
import { type LinkState, linkState, timeLeft } from './link-state';
import { loaded } from '../../shared/loaded';
import { NewLink } from './new-link';
import { RefusalNote } from './refusal-note';
import { whyNot } from './why-not';

const ENDED: { readonly [State in Exclude<LinkState, 'good'>]: string } = {
  revoked: 'Taken back',
  expired: 'Expired',
  'used-up': 'Used up',
};

/** Who was invited, by which links and by name; and the way to take that back. */
@Component({
  selector: 'ct-invitations-section',
  imports: [Badge, Button, InviteByName, NewLink, RefusalNote, RelativeTime, Skeleton],
  template: `
    <h2>Invitations</h2>
    <p class="lead">Whoever comes in reads everything said here so far, and may bring agents.</p>
    <ct-refusal-note [why]="refusal()" />
    @if (!refusal()) {
      <h3>By name</h3>
      <ct-invite-by-name (added)="addPerson($event)" />
      @if (people.value(); as list) {
        @if (list.length > 0) {
          <ul class="rows" aria-label="Invited people">
            @for (one of list; track one.id) {
              <li>
                <div>
                  <p class="who">{{ one.invitee.name }}</p>
                  <p class="what">
                    invited by {{ one.invitedBy.name }}, <ct-time [at]="one.createdAt" ago /> · has not answered yet
                  </p>
                </div>
                <button
                  type="button"
                  ctButton="quiet"
                  size="small"
                  [attr.aria-label]="'Take back the invitation of ' + one.invitee.name"
                  [pending]="busy() === one.id"
                  (click)="takeBack(one)"
                >
                  Take back
                </button>
              </li>
            }
          </ul>
        }
      } @else if (people.problem(); as problem) {
        <p class="problem" role="alert">{{ problem.detail }}</p>
      }

      <h3>By a link</h3>
      <ct-new-link (added)="addLink($event)" />
      @if (links.value(); as list) {
        <ul class="rows" aria-label="Links">
          @for (link of list; track link.id) {
            @let state = stateOf(link);
            <li>
              <div>
                <p class="who tabular">
                  {{ usesOf(link) }}
                  @if (state !== 'good') {
                    <ct-badge>{{ ended[state] }}</ct-badge>
                  }
                </p>
                <p class="what">
                  made by {{ link.createdByName }}, <ct-time [at]="link.createdAt" ago />
                  @if (state === 'good') {
                    · works for another {{ left(link) }}
                  }
                </p>
              </div>
              @if (state === 'good') {
                <button
                  type="button"
                  ctButton="quiet"
                  size="small"
                  [attr.aria-label]="'Take back the link by ' + link.createdByName + ', ' + usesOf(link)"
                  [pending]="busy() === link.id"
                  (click)="revoke(link)"
                >
                  Take back
                </button>
              }
            </li>
          } @empty {
            <li class="what">No link was made yet.</li>
          }
        </ul>
      } @else if (links.problem(); as problem) {
        <p class="problem" role="alert">{{ problem.detail }}</p>
        <div><button type="button" ctButton (click)="links.load()">Try again</button></div>
      } @else {
        <ct-skeleton [lines]="4" label="Loading the invitations" />
      }
    }
  `,
  styleUrls: ['../../shared/form/fields.css', './section.css'],
})
export class InvitationsSection {
  private readonly api = inject(HostingApi);
  private readonly confirm = inject(Confirm);
  private readonly now = inject(Now).value;
  private readonly store = inject(RoomStore);
  private readonly toasts = inject(Toasts);

  protected readonly ended = ENDED;
  protected readonly refusal = computed(() => whyNot(this.store, 'invite'));
  protected readonly links = loaded(() => this.api.links(this.store.roomId()));
  protected readonly people = loaded(() => this.api.invited(this.store.roomId()));
  protected readonly busy = signal<string | null>(null);

  protected stateOf(link: Invitation): LinkState {
    return linkState(link, this.now());
  }

  protected left(link: Invitation): string {
    return timeLeft(link, this.now());
  }

  protected usesOf({ uses, maxUses }: Invitation): string {
    return maxUses === null ? `Used ${uses} ${uses === 1 ? 'time' : 'times'}` : `${uses} of ${maxUses} used`;
  }

  protected addLink({ invitation }: NewInvitation): void {
    this.links.change((list) => [invitation, ...list]);
  }

  protected addPerson(invitation: PersonalInvitation): void {
    this.people.change((list) => [invitation, ...list.filter(({ id }) => id !== invitation.id)]);
  }

  protected async revoke(link: Invitation): Promise<void> {
    const isSure = await this.confirm.ask({
      heading: `Take back the link that ${link.createdByName} made?`,
      text: 'It lets nobody in any more. Whoever came in by it stays.',
      deed: 'Take the link back',
      isDangerous: true,
    });
    if (isSure) {
      await this.run(link.id, async () => {
        await this.api.revoke(this.store.roomId(), link.id);
        const revokedAt = new Date(this.now()).toISOString();
        this.links.change((list) => list.map((one) => (one.id === link.id ? { ...one, revokedAt } : one)));
      });
    }
  }

  protected takeBack({ id, invitee }: PersonalInvitation): Promise<void> {
    return this.run(id, async () => {
      await this.api.revoke(this.store.roomId(), id);
      this.people.change((list) => list.filter((one) => one.id !== id));
      this.toasts.done(`${invitee.name} is no longer invited.`);
    });
  }

  private async run(id: string, act: () => Promise<void>): Promise<void> {
    this.busy.set(id);
    try {
      await act();
    } catch (thrown) {
      this.toasts.failed(`It was not taken back. ${toApiProblem(thrown).detail}`);
    } finally {
      this.busy.set(null);
    }
  }
}
