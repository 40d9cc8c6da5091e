import { Component, inject, output, signal } from '@angular/core';
import type { Notification } from '@clawtank/contracts';
import {
  LucideAtSign,
  LucideBellRing,
  LucideMail,
  LucideMegaphone,
  LucideReply,
  LucideUserPlus,
} from '../shared/icon/icons';
import { toApiProblem } from '../core/problem/api-problem';
import { Button } from '../shared/button';
import { RelativeTime } from '../shared/relative-time';
import { Skeleton } from '../shared/skeleton';
import { Toasts } from '../shared/toast/toasts';
import { InvitationCards } from './invitation-cards';
import { addressOf, headlineOf } from './notification-words';
import { Notices } from './notices';

/** What the reader was told: what waits for an answer, then the unread, then the rest. */
@Component({
  selector: 'ct-notification-list',
  imports: [
    Button,
    InvitationCards,
    LucideAtSign,
    LucideBellRing,
    LucideMail,
    LucideMegaphone,
    LucideReply,
    LucideUserPlus,
    RelativeTime,
    Skeleton,
  ],
  templateUrl: './notification-list.html',
  styleUrl: './notification-list.css',
})
export class NotificationList {
  private readonly toasts = inject(Toasts);
  protected readonly notices = inject(Notices);

  /** One was chosen: whatever shows the list may close. */
  readonly chosen = output();

  protected readonly headline = headlineOf;
  protected readonly address = addressOf;
  protected readonly isReadingMore = signal(false);

  protected open(event: MouseEvent, notification: Notification): void {
    // A click with Ctrl or the middle button opens another tab, as with every link.
    if (event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.chosen.emit();
      this.notices.open(notification).catch((thrown: unknown) => this.failed(thrown));
    }
  }

  protected async readMore(): Promise<void> {
    this.isReadingMore.set(true);
    await this.notices.readMore().catch((thrown: unknown) => this.failed(thrown));
    this.isReadingMore.set(false);
  }

  private failed(thrown: unknown): void {
    this.toasts.failed(toApiProblem(thrown).detail);
  }
}
