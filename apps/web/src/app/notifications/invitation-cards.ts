import { Component, inject } from '@angular/core';
import { LucideUserPlus } from '../shared/icon/icons';
import { Button } from '../shared/button';
import { Invitations } from './invitations';

/** The rooms that wait for the reader's yes or no; nothing if none does. */
@Component({
  selector: 'ct-invitation-cards',
  imports: [Button, LucideUserPlus],
  template: `
    @for (invitation of invitations.open(); track invitation.id) {
      <section [attr.aria-label]="'Invitation to ' + invitation.room.name">
        <svg lucideUserPlus></svg>
        <div class="what">
          <p>
            <strong>{{ invitation.invitedBy.name }}</strong> invites you to <strong>{{ invitation.room.name }}</strong>
          </p>
          @if (invitation.room.description) {
            <p class="purpose">{{ invitation.room.description }}</p>
          }
        </div>
        <div class="answers">
          <button
            type="button"
            ctButton="primary"
            size="small"
            [pending]="invitations.answering() === invitation.id"
            [attr.aria-label]="'Join ' + invitation.room.name"
            (click)="invitations.accept(invitation)"
          >
            Join
          </button>
          <button
            type="button"
            ctButton
            size="small"
            [attr.aria-label]="'Decline the invitation to ' + invitation.room.name"
            (click)="invitations.decline(invitation)"
          >
            Decline
          </button>
        </div>
      </section>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--space-2);
    }

    :host:empty {
      display: none;
    }

    section {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--space-2) var(--space-3);
      padding: var(--space-3);
      border: 1px solid var(--line);
      border-left: 3px solid var(--coral);
      border-radius: var(--radius-m);
      background: var(--coral-tint);
    }

    section > svg {
      color: var(--coral);
    }

    .what {
      flex: 1 1 12rem;
      min-width: 0;
    }

    .purpose {
      overflow: hidden;
      color: var(--ink-soft);
      font-size: var(--text-s);
      text-overflow: ellipsis;
      white-space: nowrap;
    }

    .answers {
      display: flex;
      gap: var(--space-2);
    }
  `,
})
export class InvitationCards {
  protected readonly invitations = inject(Invitations);
}
