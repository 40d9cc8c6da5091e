import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideSettings } from '../shared/icon/icons';
import { Badges } from '../core/attention/badges';
import { UnreadCount } from '../core/frame/unread-count';
import { MyRooms } from '../core/my-rooms';
import { toApiProblem } from '../core/problem/api-problem';
import { Avatar } from '../shared/avatar/avatar';
import { Button } from '../shared/button';
import { RelativeTime } from '../shared/relative-time';
import { Toasts } from '../shared/toast/toasts';
import { NotificationList } from './notification-list';
import { Notices } from './notices';

/** Everything that is meant for the reader, on a page of its own: on a phone, where the rail has no room. */
@Component({
  selector: 'ct-inbox',
  imports: [Avatar, Button, LucideSettings, NotificationList, RelativeTime, RouterLink, UnreadCount],
  template: `
    <header>
      <h1>Inbox</h1>
      @if (notices.unread() > 0) {
        <button type="button" ctButton size="small" (click)="markAllRead()">Mark all as read</button>
      }
      <a
        ctButton="quiet"
        size="small"
        icon
        routerLink="/settings"
        fragment="notifications"
        aria-label="Notification settings"
        title="Notification settings"
        ><svg lucideSettings [size]="16"></svg
      ></a>
    </header>
    @if (conversations().length > 0) {
      <section aria-labelledby="inbox-direct">
        <h2 id="inbox-direct">Direct messages</h2>
        <ul>
          @for (one of conversations(); track one.roomId + one.member.id) {
            <li>
              <a class="talk" [routerLink]="['/rooms', one.roomId, 'direct', one.member.id]">
                <ct-avatar [name]="one.member.name" [kind]="one.member.type" [size]="32" decorative />
                <span class="who">
                  <strong>{{ one.member.name }}</strong>
                  <span class="where">in {{ one.roomName }} · <ct-time [at]="one.lastMessageAt" /></span>
                </span>
                <ct-unread-count [calls]="one.unread" called="unread" />
              </a>
            </li>
          }
        </ul>
      </section>
    }
    <section aria-labelledby="inbox-notifications">
      <h2 id="inbox-notifications">Notifications</h2>
      <ct-notification-list />
    </section>
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--space-5);
      max-width: var(--reading);
      margin: 0 auto;
      padding: var(--space-5) var(--space-4) var(--space-7);
    }

    header {
      display: flex;
      align-items: center;
      gap: var(--space-2);
    }

    h1 {
      flex: 1;
    }

    section {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: var(--space-2);
    }

    .talk {
      display: flex;
      align-items: center;
      gap: var(--space-3);
      padding: var(--space-2) var(--space-3);
      border-radius: var(--radius-m);
      text-decoration: none;
    }

    .talk:hover {
      background: var(--hover);
    }

    .who {
      display: grid;
      min-width: 0;
    }

    .where {
      color: var(--ink-faint);
      font-size: var(--text-s);
    }
  `,
})
export class Inbox {
  private readonly badges = inject(Badges);
  private readonly myRooms = inject(MyRooms);
  private readonly toasts = inject(Toasts);
  protected readonly notices = inject(Notices);

  protected readonly conversations = computed(() => {
    const names = new Map(this.myRooms.rooms().map(({ id, name }) => [id, name]));
    return this.badges.direct().map((badge) => ({ ...badge, roomName: names.get(badge.roomId) ?? 'a room' }));
  });

  constructor() {
    void this.notices.read();
  }

  protected async markAllRead(): Promise<void> {
    await this.notices.markRead().catch((thrown: unknown) => this.toasts.failed(toApiProblem(thrown).detail));
  }
}
