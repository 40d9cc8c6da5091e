import { Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Session } from '../core/session/session';
import { Button } from '../shared/button';
import { AccountSettings } from './account-settings';
import { AppearanceSettings } from './appearance-settings';
import { GitAccessSettings } from './git-access-settings';
import { NotificationSettings } from './notification-settings';

/** The reader's own settings: how ClawTank looks on this device, their account, and their tokens for git. */
@Component({
  selector: 'ct-settings',
  imports: [AccountSettings, AppearanceSettings, Button, GitAccessSettings, NotificationSettings, RouterLink],
  template: `
    <h1>Settings</h1>
    <ct-appearance-settings />
    <ct-notification-settings id="notifications" />
    @if (session.account(); as account) {
      <ct-account-settings [account]="account" />
      <ct-git-access-settings />
    } @else if (session.status() === 'signed-out') {
      <section>
        <h2>Account</h2>
        <p>Sign in to change your e-mail address and what others see of you.</p>
        <a ctButton routerLink="/sign-in" [queryParams]="{ returnTo: '/settings' }">Sign in</a>
      </section>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--space-7);
      max-width: var(--reading);
      margin: 0 auto;
      padding: var(--space-6) var(--space-5) var(--space-7);
    }

    section {
      display: grid;
      justify-items: start;
      gap: var(--space-3);
      color: var(--ink-soft);
    }

    h2 {
      color: var(--ink);
    }
  `,
})
export class Settings {
  protected readonly session = inject(Session);
}
