import { Component, computed, inject, input } from '@angular/core';
import { LucideGitBranch } from '../shared/icon/icons';
import { Button } from '../shared/button';
import { PROVIDER_NAMES } from '../shared/provider-names';
import { SignInChoices } from './sign-in-options';

/** Ways in through a git provider, where this server has them. Plain links: the server redirects to the provider. */
@Component({
  selector: 'ct-provider-buttons',
  imports: [Button, LucideGitBranch],
  template: `
    @for (provider of providers(); track provider.id) {
      <a ctButton [href]="provider.href"><svg lucideGitBranch></svg>Continue with {{ provider.name }}</a>
    }
    @if (providers().length > 0) {
      <p class="or"><span>or with a password</span></p>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--space-2);
    }

    :host:empty {
      display: none;
    }

    .or {
      display: flex;
      align-items: center;
      gap: var(--space-3);
      margin-top: var(--space-2);
      color: var(--ink-faint);
      font-size: var(--text-xs);
    }

    .or::before,
    .or::after {
      content: '';
      flex: 1;
      border-top: 1px solid var(--line);
    }
  `,
})
export class ProviderButtons {
  private readonly choices = inject(SignInChoices);
  readonly returnTo = input('/');

  protected readonly providers = computed(() =>
    (this.choices.options()?.providers ?? []).map((id) => ({
      id,
      name: PROVIDER_NAMES[id],
      href: `/api/auth/${id}?returnTo=${encodeURIComponent(this.returnTo())}`,
    })),
  );
}
