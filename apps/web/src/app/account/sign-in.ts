import { Component, computed, inject, input, signal } from '@angular/core';
import { FormRoot, form, required } from '@angular/forms/signals';
import { Router, RouterLink } from '@angular/router';
import type { Login } from '@clawtank/contracts';
import { returnAddress } from '../core/session/return-address';
import { Session } from '../core/session/session';
import { Button } from '../shared/button';
import { FormProblem } from '../shared/form/form-problem';
import { submission } from '../shared/form/submission';
import { TextField } from '../shared/form/text-field';
import { AccountPage } from './account-page';
import { ProviderButtons } from './provider-buttons';
import { SignInChoices } from './sign-in-options';

/** Signs in with a password or through a provider, and returns the reader to where they came from. */
@Component({
  selector: 'ct-sign-in',
  host: { class: 'account-page' },
  imports: [AccountPage, Button, FormProblem, FormRoot, ProviderButtons, RouterLink, TextField],
  template: `
    <ct-account-page heading="Welcome back">
      <ct-provider-buttons [returnTo]="destination()" />
      <form [formRoot]="login">
        <ct-form-problem [form]="login" />
        <ct-text-field [field]="login.username" label="User name or e-mail" autocomplete="username" />
        <ct-text-field [field]="login.password" label="Password" type="password" autocomplete="current-password" />
        <button ctButton="primary" [pending]="login().submitting()">Sign in</button>
      </form>
      <p class="else">
        @if (choices.options()?.awaitingSetup) {
          Nobody has an account here yet. Open the set-up link that the server printed when it started.
        } @else if (choices.options()?.registration === 'open') {
          New here? <a routerLink="/register" [queryParams]="{ returnTo: returnTo() }">Create an account</a>
        } @else if (choices.options()) {
          Accounts on this server are made by its administrator.
        }
      </p>
    </ct-account-page>
  `,
  styleUrl: './account-form.css',
})
export class SignIn {
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  protected readonly choices = inject(SignInChoices);

  readonly returnTo = input<string>();
  protected readonly destination = computed(() => returnAddress(this.returnTo()));

  protected readonly login = form(
    signal({ username: '', password: '' }),
    (path) => {
      required(path.username, { message: 'Write your user name or e-mail address' });
      required(path.password, { message: 'Write your password' });
    },
    {
      submission: submission(
        async (login: Login) => {
          await this.session.signIn(login);
          await this.router.navigateByUrl(this.destination());
        },
        { credentials_wrong: 'password' },
      ),
    },
  );
}
