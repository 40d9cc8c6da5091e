import { Component, computed, inject } from '@angular/core';
import { Router, RouterLink, RouterLinkActive, isActive } from '@angular/router';
import {
  LucideBell,
  LucideBot,
  LucideCompass,
  LucideLogIn,
  LucideSettings,
  LucideWaves,
} from '../../shared/icon/icons';
import { Avatar } from '../../shared/avatar/avatar';
import { Badges } from '../attention/badges';
import { Session } from '../session/session';
import { UnreadCount } from './unread-count';

const LOBBY = { paths: 'exact', matrixParams: 'ignored', fragment: 'ignored' } as const;

/** The way round ClawTank under the thumb, on phones. */
@Component({
  selector: 'ct-bottom-bar',
  imports: [
    Avatar,
    LucideBell,
    LucideBot,
    LucideCompass,
    LucideLogIn,
    LucideSettings,
    LucideWaves,
    RouterLink,
    RouterLinkActive,
    UnreadCount,
  ],
  template: `
    <nav aria-label="ClawTank">
      <a routerLink="/" [attr.aria-current]="isInLobby() && !isInOwnRooms() ? 'page' : null">
        <svg lucideCompass [size]="20"></svg>Lobby
      </a>
      @if (session.account(); as account) {
        <a
          routerLink="/"
          [queryParams]="{ scope: 'mine' }"
          [attr.aria-current]="isInLobby() && isInOwnRooms() ? 'page' : null"
        >
          <svg lucideWaves [size]="20"></svg>Rooms
          <ct-unread-count [unread]="unread().all" [calls]="unread().calls" />
        </a>
        <a routerLink="/notifications" routerLinkActive ariaCurrentWhenActive="page">
          <svg lucideBell [size]="20"></svg>Inbox
          <ct-unread-count [calls]="waiting()" called="unread" />
        </a>
        <a routerLink="/agents" routerLinkActive ariaCurrentWhenActive="page">
          <svg lucideBot [size]="20"></svg>Agents
        </a>
        <a [routerLink]="['/users', account.id]" routerLinkActive ariaCurrentWhenActive="page">
          <ct-avatar [name]="account.username" [size]="20" decorative />You
        </a>
      } @else if (session.status() !== 'starting') {
        <a routerLink="/sign-in" routerLinkActive ariaCurrentWhenActive="page">
          <svg lucideLogIn [size]="20"></svg>Sign in
        </a>
        <a routerLink="/settings" routerLinkActive ariaCurrentWhenActive="page">
          <svg lucideSettings [size]="20"></svg>Settings
        </a>
      }
    </nav>
  `,
  styleUrl: '../../shared/bottom-bar.css',
  styles: `
    ct-unread-count {
      position: absolute;
      inset: 0.25rem auto auto calc(50% + 0.25rem);
    }
  `,
})
export class BottomBar {
  private readonly badges = inject(Badges);
  protected readonly session = inject(Session);
  protected readonly unread = computed(() => {
    const loud = [...this.badges.rooms().values()].filter(({ level }) => level !== 'none');
    return {
      all: loud.reduce((sum, { unread }) => sum + unread, 0),
      calls: loud.reduce((sum, { mentions }) => sum + mentions, 0),
    };
  });
  /** Notifications and direct messages; a message to the reader alone is usually both. */
  protected readonly waiting = computed(() =>
    Math.max(
      this.badges.notifications(),
      this.badges.direct().reduce((sum, { unread }) => sum + unread, 0),
    ),
  );
  /** Whatever else is looked for there. */
  protected readonly isInLobby = isActive('/', inject(Router), { ...LOBBY, queryParams: 'ignored' });
  protected readonly isInOwnRooms = isActive('/?scope=mine', inject(Router), { ...LOBBY, queryParams: 'subset' });
}
