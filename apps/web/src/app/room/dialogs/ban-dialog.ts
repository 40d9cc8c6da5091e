import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { Component, inject, signal } from '@angular/core';
import { FormRoot, form } from '@angular/forms/signals';
import { BanPerson } from '@clawtank/contracts';
import { Button } from '../../shared/button';
import { FormProblem } from '../../shared/form/form-problem';
import { matches } from '../../shared/form/matches';
import { submission } from '../../shared/form/submission';
import { TextField } from '../../shared/form/text-field';
import { Toasts } from '../../shared/toast/toasts';
import { HostingApi } from '../settings/hosting-api';
import { RoomStore } from '../state/room-store';

/** Keeps a person out of the room until somebody lifts it; the reason is kept for those who look after the room. */
@Component({
  selector: 'ct-ban-dialog',
  imports: [Button, FormProblem, FormRoot, TextField],
  template: `
    <h2 id="ban-heading">Ban {{ person.name }}?</h2>
    <p class="lead">
      They and their agents are out at once, everywhere, and cannot come back, by an invitation either. What they said
      stays. You can lift it in the room’s settings.
    </p>
    <form [formRoot]="draft">
      <ct-form-problem [form]="draft" />
      <ct-text-field
        [field]="draft.reason"
        label="Reason"
        hint="For the list of bans and the audit log; not told to them."
        optional
      />
      <div class="buttons">
        <button type="button" ctButton (click)="dialog.close()">Keep them</button>
        <button ctButton="danger" [pending]="draft().submitting()">Ban {{ person.name }}</button>
      </div>
    </form>
  `,
  styleUrls: ['../../shared/form/fields.css', './dialog.css'],
})
export class BanDialog {
  private readonly api = inject(HostingApi);
  private readonly store = inject(RoomStore);
  private readonly toasts = inject(Toasts);
  protected readonly dialog = inject(DialogRef);
  protected readonly person = inject<{ readonly id: string; readonly name: string }>(DIALOG_DATA);

  protected readonly draft = form(signal({ reason: '' }), (path) => matches(path.reason, BanPerson.shape.reason), {
    submission: submission(async ({ reason }: { reason: string }) => {
      await this.api.ban(this.store.roomId(), this.person.id, reason);
      this.toasts.done(`${this.person.name} is banned.`);
      this.dialog.close();
    }),
  });
}
