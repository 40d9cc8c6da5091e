import { Component, DOCUMENT, ElementRef, computed, inject, signal, viewChild } from '@angular/core';
import { RouterLink } from '@angular/router';
import { MAX_BADGE } from '@clawtank/contracts';
import { LucideBell, LucideSettings } from '../shared/icon/icons';
import { toApiProblem } from '../core/problem/api-problem';
import { Button } from '../shared/button';
import { Toasts } from '../shared/toast/toasts';
import { NotificationList } from './notification-list';
import { Notices } from './notices';

/** How many notifications are unread, and behind it a panel with all of them. */
@Component({
  selector: 'ct-bell',
  imports: [Button, LucideBell, LucideSettings, NotificationList, RouterLink],
  template: `
    <button
      type="button"
      ctButton="quiet"
      size="small"
      icon
      popovertarget="notifications"
      [attr.aria-label]="label()"
      title="Notifications"
    >
      <svg lucideBell></svg>
      @if (notices.unread(); as unread) {
        <span class="count tabular" aria-hidden="true">{{ shown(unread) }}</span>
      }
    </button>
    <section id="notifications" popover aria-labelledby="notifications-heading" (toggle)="toggled($event)" #panel>
      <header>
        <h2 id="notifications-heading" tabindex="-1">Notifications</h2>
        @if (notices.unread() > 0) {
          <button type="button" ctButton="quiet" size="small" (click)="markAllRead()">Mark all as read</button>
        }
        <a
          ctButton="quiet"
          size="small"
          icon
          routerLink="/settings"
          fragment="notifications"
          aria-label="Notification settings"
          title="Notification settings"
          (click)="close()"
          ><svg lucideSettings [size]="16"></svg
        ></a>
      </header>
      @defer (when wasOpened()) {
        <ct-notification-list (chosen)="close()" />
      }
    </section>
  `,
  styleUrl: './bell.css',
})
export class Bell {
  private readonly document = inject(DOCUMENT);
  private readonly toasts = inject(Toasts);
  protected readonly notices = inject(Notices);
  private readonly panel = viewChild.required<ElementRef<HTMLElement>>('panel');

  protected readonly wasOpened = signal(false);
  protected readonly label = computed(() => {
    const unread = this.notices.unread();
    return unread === 0 ? 'Notifications' : `Notifications, ${this.shown(unread)} unread`;
  });

  protected toggled(event: Event): void {
    if ((event as ToggleEvent).newState === 'open') {
      this.wasOpened.set(true);
      void this.notices.read();
      this.document.getElementById('notifications-heading')?.focus();
    }
  }

  protected close(): void {
    this.panel().nativeElement.hidePopover();
  }

  protected async markAllRead(): Promise<void> {
    await this.notices.markRead().catch((thrown: unknown) => this.toasts.failed(toApiProblem(thrown).detail));
  }

  protected shown(count: number): string {
    return count >= MAX_BADGE ? `${MAX_BADGE - 1}+` : String(count);
  }
}
