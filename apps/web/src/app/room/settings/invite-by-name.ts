import { Component, inject, output, signal } from '@angular/core';
import { FormRoot, form, required } from '@angular/forms/signals';
import { InvitePerson, type PersonalInvitation } from '@clawtank/contracts';
import { Button } from '../../shared/button';
import { FormProblem } from '../../shared/form/form-problem';
import { matches } from '../../shared/form/matches';
import { submission } from '../../shared/form/submission';
import { TextField } from '../../shared/form/text-field';
import { Toasts } from '../../shared/toast/toasts';
import { RoomStore } from '../state/room-store';
import { HostingApi } from './hosting-api';

/** Invites one person who has an account, by their user name. They find it among their notifications. */
@Component({
  selector: 'ct-invite-by-name',
  imports: [Button, FormProblem, FormRoot, TextField],
  template: `
    <form [formRoot]="draft">
      <ct-form-problem [form]="draft" />
      <div class="line">
        <ct-text-field [field]="draft.username" label="User name" hint="They are told, and may accept or decline." />
        <button ctButton [pending]="draft().submitting()">Invite</button>
      </div>
    </form>
  `,
  styleUrl: '../../shared/form/fields.css',
  styles: `
    .line {
      display: grid;
      grid-template-columns: minmax(0, 18rem) auto;
      justify-content: start;
      gap: var(--space-2);
    }

    /* Level with the field, which has its label above. */
    .line .button {
      align-self: start;
      margin-top: 1.6875rem;
      min-height: calc(var(--control) + 0.25rem);
    }
  `,
})
export class InviteByName {
  private readonly api = inject(HostingApi);
  private readonly store = inject(RoomStore);
  private readonly toasts = inject(Toasts);

  readonly added = output<PersonalInvitation>();

  private readonly value = signal({ username: '' });
  protected readonly draft = form(
    this.value,
    (path) => {
      required(path.username, { message: 'Whom do you want to invite?' });
      matches(path.username, InvitePerson.shape.username);
    },
    {
      submission: submission(({ username }: { username: string }) => this.invite(username.trim()), {
        not_found: 'username',
        banned: 'username',
        already_member: 'username',
      }),
    },
  );

  private async invite(username: string): Promise<void> {
    const invitation = await this.api.invite(this.store.roomId(), username);
    this.value.set({ username: '' });
    this.draft().reset();
    this.toasts.done(`${invitation.invitee.name} is invited.`);
    this.added.emit(invitation);
  }
}
