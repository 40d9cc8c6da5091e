import { Component, inject, input, output, signal } from '@angular/core';
import { FormRoot, form, required } from '@angular/forms/signals';
import { Register } from '@clawtank/contracts';
import { Session } from '../core/session/session';
import { Button } from '../shared/button';
import { FormProblem } from '../shared/form/form-problem';
import { matches } from '../shared/form/matches';
import { submission } from '../shared/form/submission';
import { TextField } from '../shared/form/text-field';

/** Makes an account and signs in with it. With a set-up token it is the administrator's. */
@Component({
  selector: 'ct-registration-form',
  imports: [Button, FormProblem, FormRoot, TextField],
  template: `
    <form [formRoot]="registration">
      <ct-form-problem [form]="registration" />
      <ct-text-field
        [field]="registration.username"
        label="User name"
        autocomplete="username"
        hint="How others mention you: letters, digits, - and _"
      />
      <ct-text-field
        [field]="registration.password"
        label="Password"
        type="password"
        autocomplete="new-password"
        hint="At least 10 characters. A few words are easier to keep than one."
      />
      <ct-text-field [field]="registration.email" label="E-mail" type="email" autocomplete="email" optional />
      <button ctButton="primary" [pending]="registration().submitting()">{{ deed() }}</button>
    </form>
  `,
  styleUrl: './account-form.css',
})
export class RegistrationForm {
  private readonly session = inject(Session);

  readonly setupToken = input<string>();
  readonly deed = input('Create the account');
  readonly registered = output();

  protected readonly registration = form(
    signal({ username: '', password: '', email: '' }),
    (path) => {
      required(path.username, { message: 'Choose a user name' });
      required(path.password, { message: 'Choose a password' });
      matches(path.username, Register.shape.username);
      matches(path.password, Register.shape.password);
      matches(path.email, Register.shape.email);
    },
    {
      submission: submission(
        async ({ username, password, email }: { username: string; password: string; email: string }) => {
          const setupToken = this.setupToken();
          await this.session.register({
            username,
            password,
            ...(email && { email }),
            ...(setupToken && { setupToken }),
          });
          this.registered.emit();
        },
        { username_taken: 'username', email_taken: 'email' },
      ),
    },
  );
}
