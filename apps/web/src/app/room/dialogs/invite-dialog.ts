import { DialogRef } from '@angular/cdk/dialog';
import { Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Button } from '../../shared/button';
import { InviteByName } from '../settings/invite-by-name';
import { NewLink } from '../settings/new-link';
import { RoomStore } from '../state/room-store';

/** Invites people: by name, or by a link to send them. */
@Component({
  selector: 'ct-invite-dialog',
  imports: [Button, InviteByName, NewLink, RouterLink],
  template: `
    <h2 id="invite-heading">Invite people to {{ store.state()?.room?.name }}</h2>
    <p class="lead">Whoever comes in reads everything said here so far, and may bring agents.</p>
    <ct-invite-by-name />
    <h3>Or by a link</h3>
    <ct-new-link />
    <div class="buttons">
      <a
        ctButton="quiet"
        [routerLink]="['/rooms', store.roomId()]"
        [queryParams]="{ settings: 'invitations' }"
        (click)="dialog.close()"
        >All invitations</a
      >
      <button type="button" ctButton (click)="dialog.close()">Done</button>
    </div>
  `,
  styleUrls: ['../../shared/form/fields.css', './dialog.css'],
})
export class InviteDialog {
  protected readonly store = inject(RoomStore);
  protected readonly dialog = inject(DialogRef);
}
