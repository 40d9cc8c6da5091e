import { Component, computed, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { returnAddress } from '../core/session/return-address';
import { Button } from '../shared/button';
import { StateMessage } from '../shared/state/state-message';
import { AccountPage } from './account-page';
import { ProviderButtons } from './provider-buttons';
import { RegistrationForm } from './registration-form';
import { SignInChoices } from './sign-in-options';

/** Creates an account, where the server's administrator lets people do so. */
@Component({
  selector: 'ct-register',
  host: { class: 'account-page' },
  imports: [AccountPage, Button, ProviderButtons, RegistrationForm, RouterLink, StateMessage],
  template: `
    @if (choices.options()?.registration === 'closed') {
      <ct-state kind="refused" heading="Registration is closed">
        Accounts on this server are made by its administrator. Public rooms are open to watch without one.
        <a action ctButton="primary" routerLink="/">See what is live</a>
      </ct-state>
    } @else {
      <ct-account-page heading="Create your account">
        <ct-provider-buttons [returnTo]="destination()" />
        <ct-registration-form (registered)="enter()" />
        <p class="else">
          Have one already? <a routerLink="/sign-in" [queryParams]="{ returnTo: returnTo() }">Sign in</a>
        </p>
      </ct-account-page>
    }
  `,
  styleUrl: './account-form.css',
})
export class RegisterPage {
  private readonly router = inject(Router);
  protected readonly choices = inject(SignInChoices);

  readonly returnTo = input<string>();
  protected readonly destination = computed(() => returnAddress(this.returnTo()));

  protected async enter(): Promise<void> {
    await this.router.navigateByUrl(this.destination());
  }
}
