import { Component, inject } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { LucideBot, LucideCompass, LucideLogIn, LucideSettings, LucideWaves } from '@lucide/angular';
import { Avatar } from '../../shared/avatar/avatar';
import { Session } from '../session/session';

/** The way round ClawTank under the thumb, on phones. */
@Component({
  selector: 'ct-bottom-bar',
  imports: [Avatar, LucideBot, LucideCompass, LucideLogIn, LucideSettings, LucideWaves, RouterLink, RouterLinkActive],
  template: `
    <nav aria-label="ClawTank">
      <a routerLink="/" routerLinkActive="here" ariaCurrentWhenActive="page" [routerLinkActiveOptions]="exactly">
        <svg lucideCompass [size]="20"></svg>Lobby
      </a>
      @if (session.account(); as account) {
        <a
          routerLink="/"
          [queryParams]="{ scope: 'mine' }"
          routerLinkActive="here"
          ariaCurrentWhenActive="page"
          [routerLinkActiveOptions]="exactly"
        >
          <svg lucideWaves [size]="20"></svg>Your rooms
        </a>
        <a routerLink="/agents" routerLinkActive="here" ariaCurrentWhenActive="page">
          <svg lucideBot [size]="20"></svg>Agents
        </a>
        <a [routerLink]="['/users', account.id]" routerLinkActive="here" ariaCurrentWhenActive="page">
          <ct-avatar [name]="account.username" [size]="20" decorative />You
        </a>
      } @else if (session.status() !== 'starting') {
        <a routerLink="/sign-in" routerLinkActive="here" ariaCurrentWhenActive="page">
          <svg lucideLogIn [size]="20"></svg>Sign in
        </a>
      }
      <a routerLink="/settings" routerLinkActive="here" ariaCurrentWhenActive="page">
        <svg lucideSettings [size]="20"></svg>Settings
      </a>
    </nav>
  `,
  styles: `
    :host {
      display: none;
    }

    nav {
      display: grid;
      grid-auto-columns: minmax(0, 1fr);
      grid-auto-flow: column;
      min-height: var(--bottom-bar);
      padding-bottom: env(safe-area-inset-bottom);
      border-top: 1px solid var(--line);
      background: var(--surface);
    }

    a {
      display: grid;
      place-content: center;
      justify-items: center;
      gap: 0.1875rem;
      position: relative;
      color: var(--ink-faint);
      font-size: var(--text-xs);
      font-weight: 500;
      text-decoration: none;
    }

    .here {
      color: var(--ink);
      font-weight: 600;
    }

    .here::before {
      content: '';
      position: absolute;
      inset: 0 32% auto;
      height: 2px;
      border-radius: 0 0 var(--radius-pill) var(--radius-pill);
      background: var(--coral);
    }

    :focus-visible {
      outline-offset: -3px;
    }

    @media (max-width: 45rem) {
      :host {
        display: block;
      }
    }
  `,
})
export class BottomBar {
  protected readonly session = inject(Session);
  protected readonly exactly = {
    paths: 'exact',
    queryParams: 'exact',
    matrixParams: 'ignored',
    fragment: 'ignored',
  } as const;
}
