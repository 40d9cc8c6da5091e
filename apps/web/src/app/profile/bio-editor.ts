import { HttpClient } from '@angular/common/http';
import { Component, inject, input, linkedSignal, output } from '@angular/core';
import { FormRoot, form } from '@angular/forms/signals';
import { UpdateProfile, type UserProfile } from '@clawtank/contracts';
import { firstValueFrom } from 'rxjs';
import { Session } from '../core/session/session';
import { Button } from '../shared/button';
import { FormProblem } from '../shared/form/form-problem';
import { matches } from '../shared/form/matches';
import { submission } from '../shared/form/submission';
import { TextField } from '../shared/form/text-field';

/** Where the reader writes about themselves, on their own profile. */
@Component({
  selector: 'ct-bio-editor',
  imports: [Button, FormProblem, FormRoot, TextField],
  template: `
    <form [formRoot]="draft">
      <ct-form-problem [form]="draft" />
      <ct-text-field
        [field]="draft.bio"
        label="About you"
        hint="Everyone can read this. 280 characters."
        optional
        multiline
      />
      <div class="buttons">
        <button ctButton="primary" size="small" [pending]="draft().submitting()">Save</button>
        <button type="button" ctButton size="small" (click)="closed.emit()">Cancel</button>
      </div>
    </form>
  `,
  styles: `
    form {
      display: grid;
      gap: var(--space-3);
      max-width: 32rem;
    }

    .buttons {
      display: flex;
      gap: var(--space-2);
    }
  `,
})
export class BioEditor {
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);

  readonly profile = input.required<UserProfile>();
  readonly saved = output<UserProfile>();
  readonly closed = output<void>();

  private readonly model = linkedSignal(() => ({ bio: this.profile().bio }));
  protected readonly draft = form(this.model, (path) => matches(path.bio, UpdateProfile.shape.bio), {
    submission: submission((draft: { bio: string }) => this.save(draft)),
  });

  private async save({ bio }: { bio: string }): Promise<void> {
    const profile = await firstValueFrom(this.http.put<UserProfile>(`/api/users/${this.profile().id}`, { bio }));
    const account = this.session.account();
    if (account) {
      this.session.accountChanged({ ...account, bio: profile.bio });
    }
    this.saved.emit(profile);
  }
}
