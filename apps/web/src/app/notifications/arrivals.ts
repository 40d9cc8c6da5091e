import { DOCUMENT, DestroyRef, Service, inject } from '@angular/core';
import { Router } from '@angular/router';
import type { Notification } from '@clawtank/contracts';
import { Toasts } from '../shared/toast/toasts';
import { BrowserNotices } from './browser-notices';
import { addressOf, headlineOf } from './notification-words';
import { Notices } from './notices';

/** So long a page in the background waits for one that the reader looks at to say that it has shown it. */
const WAIT_FOR_OTHERS = 300;
const CHANNEL = 'clawtank.notifications';

/**
 * Tells the reader of what arrives, in one place: by a toast on the page they look at, otherwise by the operating system if
 * they asked for it. Neither outlives the moment in which it is read somewhere.
 */
@Service()
export class Arrivals {
  private readonly browser = inject(BrowserNotices);
  private readonly document = inject(DOCUMENT);
  private readonly notices = inject(Notices);
  private readonly router = inject(Router);
  private readonly toasts = inject(Toasts);
  private readonly tabs = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(CHANNEL);
  private readonly waiting = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly toasted = new Map<string, number>();

  constructor() {
    this.notices.whenArrived((notification) => this.tell(notification));
    this.notices.whenRead((ids) => this.takeBack(ids));
    this.tabs?.addEventListener('message', ({ data }) => this.stopWaiting(String(data)));
    inject(DestroyRef).onDestroy(() => {
      this.tabs?.close();
      this.waiting.forEach((timer) => clearTimeout(timer));
    });
  }

  private tell(notification: Notification): void {
    const { id } = notification;
    const open = () => void this.notices.open(notification);
    if (this.document.hidden) {
      this.stopWaiting(id);
      this.waiting.set(
        id,
        setTimeout(() => this.browser.show(notification, open), WAIT_FOR_OTHERS),
      );
      return;
    }
    this.tabs?.postMessage(id);
    if (!this.isThere(notification)) {
      const excerpt = notification.excerpt && `: “${notification.excerpt}”`;
      const toast = this.toasts.news(`${headlineOf(notification)}${excerpt}`, { label: 'Show', run: open });
      this.toasted.set(id, toast);
    }
  }

  private takeBack(ids: readonly string[]): void {
    this.browser.close(ids);
    for (const id of ids) {
      this.stopWaiting(id);
      const toast = this.toasted.get(id);
      if (toast !== undefined) {
        this.toasts.dismiss(toast);
        this.toasted.delete(id);
      }
    }
  }

  private stopWaiting(id: string): void {
    clearTimeout(this.waiting.get(id));
    this.waiting.delete(id);
  }

  /** The reader is where it happened and sees it anyway. */
  private isThere(notification: Notification): boolean {
    const [here] = this.router.url.split('?', 1);
    const [there] = addressOf(notification).split('?', 1);
    return here === there;
  }
}
