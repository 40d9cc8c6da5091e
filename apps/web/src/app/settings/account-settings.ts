import { HttpClient } from '@angular/common/http';
import { Component, computed, inject, input, linkedSignal } from '@angular/core';
import { FormRoot, form } from '@angular/forms/signals';
import { type Account, UpdateProfile, type UserProfile } from '@clawtank/contracts';
import { firstValueFrom } from 'rxjs';
import { Session } from '../core/session/session';
import { SignOut } from '../core/session/sign-out';
import { Badge } from '../shared/badge';
import { Button } from '../shared/button';
import { FormProblem } from '../shared/form/form-problem';
import { matches } from '../shared/form/matches';
import { submission } from '../shared/form/submission';
import { TextField } from '../shared/form/text-field';
import { PROVIDER_NAMES } from '../shared/provider-names';
import { Toasts } from '../shared/toast/toasts';

interface EditedProfile {
  readonly bio: string;
  readonly email: string;
}

/** What others see of the reader, and how this server reaches them. */
@Component({
  selector: 'ct-account-settings',
  imports: [Badge, Button, FormProblem, FormRoot, TextField],
  template: `
    <h2>Account</h2>
    <p class="who">
      <span>
        You are <strong>{{ account().username }}</strong>
      </span>
      @if (account().role === 'admin') {
        <ct-badge>Administrator</ct-badge>
      }
      @for (provider of account().providers; track provider) {
        <ct-badge>Signs in with {{ names[provider] }}</ct-badge>
      }
    </p>
    <form [formRoot]="profile">
      <ct-form-problem [form]="profile" />
      <ct-text-field
        [field]="profile.bio"
        label="About you"
        hint="Everyone can read this on your profile."
        optional
        multiline
      />
      <ct-text-field
        [field]="profile.email"
        label="E-mail"
        type="email"
        autocomplete="email"
        hint="Only you see it. You can sign in with it."
        optional
      />
      <button ctButton="primary" [pending]="profile().submitting()" [disabled]="!isChanged()">Save</button>
    </form>
    <p><button type="button" ctButton (click)="leaving.signOut()">Sign out</button></p>
  `,
  styles: `
    :host,
    form {
      display: grid;
      gap: var(--space-4);
    }

    .who {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--space-2);
      color: var(--ink-soft);
    }

    strong {
      color: var(--ink);
    }

    form .button {
      justify-self: start;
    }
  `,
})
export class AccountSettings {
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);
  private readonly toasts = inject(Toasts);
  protected readonly leaving = inject(SignOut);
  protected readonly names = PROVIDER_NAMES;

  readonly account = input.required<Account>();

  private readonly model = linkedSignal<EditedProfile>(() => ({
    bio: this.account().bio,
    email: this.account().email ?? '',
  }));
  protected readonly isChanged = computed(
    () => this.model().bio !== this.account().bio || this.model().email !== (this.account().email ?? ''),
  );

  protected readonly profile = form(
    this.model,
    (path) => {
      matches(path.bio, UpdateProfile.shape.bio);
      matches(path.email, UpdateProfile.shape.email);
    },
    {
      submission: submission((profile: EditedProfile) => this.save(profile), { email_taken: 'email' }),
    },
  );

  private async save({ bio, email }: EditedProfile): Promise<void> {
    const account = this.account();
    const change: UpdateProfile = { bio, email: email || null };
    await firstValueFrom(this.http.put<UserProfile>(`/api/users/${account.id}`, change));
    this.session.accountChanged({ ...account, bio, email: email || null });
    this.toasts.done('Saved.');
  }
}
