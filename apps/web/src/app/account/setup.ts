import { Component, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { Button } from '../shared/button';
import { StateMessage } from '../shared/state/state-message';
import { AccountPage } from './account-page';
import { RegistrationForm } from './registration-form';
import { SignInChoices } from './sign-in-options';

/** Where the one-time set-up link leads: the first account, which is the administrator's. */
@Component({
  selector: 'ct-setup',
  host: { class: 'account-page' },
  imports: [AccountPage, Button, RegistrationForm, RouterLink, StateMessage],
  template: `
    @if (choices.options()?.awaitingSetup === false) {
      <ct-state kind="refused" heading="This ClawTank is already set up">
        The set-up link works once. If the account it made is yours, sign in with it.
        <a action ctButton="primary" routerLink="/sign-in">Sign in</a>
      </ct-state>
    } @else if (!token()) {
      <ct-state kind="refused" heading="The set-up link is incomplete">
        Open the whole link as the server printed it when it started; it ends in a long token.
        <a action ctButton="primary" routerLink="/">Go to the lobby</a>
      </ct-state>
    } @else {
      <ct-account-page heading="Set up your ClawTank">
        <p class="lead">You make the first account, and with it you administer this server.</p>
        <ct-registration-form [setupToken]="token()" deed="Create the administrator" (registered)="enter()" />
      </ct-account-page>
    }
  `,
  styleUrl: './account-form.css',
})
export class Setup {
  private readonly router = inject(Router);
  protected readonly choices = inject(SignInChoices);

  readonly token = input<string>();

  /** Replaces the address, so that the token does not stay in the history. */
  protected async enter(): Promise<void> {
    await this.router.navigateByUrl('/', { replaceUrl: true });
  }
}
