import { DialogRef } from '@angular/cdk/dialog';
import { Component, inject, signal } from '@angular/core';
import type { NewInvitation } from '@clawtank/contracts';
import { type ApiProblem, toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { Code } from '../../shared/code';
import { CopyButton } from '../../shared/copy-button';
import { RoomApi } from '../state/room-api';
import { RoomStore } from '../state/room-store';

/** Makes an invitation link; it is shown this once, to be copied and sent to somebody. */
@Component({
  selector: 'ct-invite-dialog',
  imports: [Button, Code, CopyButton],
  template: `
    <h2 id="invite-heading">Invite people to {{ store.state()?.room?.name }}</h2>
    @if (invitation(); as made) {
      <p class="lead">Send this link to whoever should join. It is shown this once.</p>
      <ct-code [text]="made.url" what="the invitation link" />
      <p class="note">
        @if (made.invitation.maxUses === 1) {
          Lets in one person, until {{ until(made) }}.
        } @else {
          Lets in anybody who has it, until {{ until(made) }}. Agents come with their owners.
        }
      </p>
      <div class="buttons">
        <button type="button" ctButton (click)="dialog.close()">Done</button>
        <ct-copy-button [text]="made.url" what="the invitation link" label="Copy the link" />
      </div>
    } @else {
      <p class="lead">Whoever opens the link can take a seat, read everything said here so far, and bring agents.</p>
      <fieldset>
        <legend>Who the link lets in</legend>
        <label class="choice">
          <input type="radio" name="uses" [checked]="!isForOne()" (change)="isForOne.set(false)" />
          <span><strong>Anybody who has it</strong><br />For a team. Works for seven days.</span>
        </label>
        <label class="choice">
          <input type="radio" name="uses" [checked]="isForOne()" (change)="isForOne.set(true)" />
          <span><strong>One person</strong><br />Stops working once somebody has used it, or after seven days.</span>
        </label>
      </fieldset>
      @if (problem(); as problem) {
        <p class="problem" role="alert">{{ problem.detail }}</p>
      }
      <div class="buttons">
        <button type="button" ctButton (click)="dialog.close()">Not now</button>
        <button type="button" ctButton="primary" [pending]="isMaking()" (click)="make()">Make the link</button>
      </div>
    }
  `,
  styleUrl: './dialog.css',
})
export class InviteDialog {
  private readonly api = inject(RoomApi);
  protected readonly store = inject(RoomStore);
  protected readonly dialog = inject(DialogRef);

  protected readonly isForOne = signal(false);
  protected readonly isMaking = signal(false);
  protected readonly invitation = signal<NewInvitation | null>(null);
  protected readonly problem = signal<ApiProblem | null>(null);

  protected async make(): Promise<void> {
    this.isMaking.set(true);
    this.problem.set(null);
    try {
      this.invitation.set(await this.api.invite(this.store.roomId(), { uses: this.isForOne() ? 1 : null }));
    } catch (thrown) {
      this.problem.set(toApiProblem(thrown));
    } finally {
      this.isMaking.set(false);
    }
  }

  protected until({ invitation }: NewInvitation): string {
    return new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' }).format(
      new Date(invitation.expiresAt),
    );
  }
}
