import { DOCUMENT, Service, computed, inject, signal } from '@angular/core';
import type { Notification as Notice } from '@clawtank/contracts';
import { headlineOf } from './notification-words';

const KEY = 'clawtank.browser-notifications';
const MAX_SHOWN_TEXT = 120;

/** `denied`: the browser has been told never to ask again. */
export type Permission = 'unsupported' | 'default' | 'granted' | 'denied';

/** Notifications of the operating system, on this device, for whoever asked for them. */
@Service()
export class BrowserNotices {
  private readonly window = inject(DOCUMENT).defaultView;
  private readonly permission = signal<Permission>(this.window?.Notification?.permission ?? 'unsupported');
  private readonly wanted = signal(this.read());
  private readonly shown = new Map<string, Notification>();

  readonly isPossible = computed(() => this.permission() !== 'unsupported');
  readonly isDenied = computed(() => this.permission() === 'denied');
  readonly isOn = computed(() => this.wanted() && this.permission() === 'granted');

  /** Asks the browser for permission, which it grants to a click only; remembers the choice on this device. */
  async turn(on: boolean): Promise<void> {
    if (on && this.permission() === 'default') {
      this.permission.set((await this.window?.Notification.requestPermission()) ?? 'unsupported');
    }
    this.wanted.set(on && this.permission() === 'granted');
    try {
      this.window?.localStorage.setItem(KEY, this.wanted() ? 'on' : 'off');
    } catch {
      // Storage is full or blocked: the choice holds until the page is closed.
    }
  }

  /** Shows it once, in however many tabs it arrives: the browser replaces what has the same tag. */
  show(notice: Notice, open: () => void): void {
    if (!this.isOn() || !this.window) {
      return;
    }
    const shown = new this.window.Notification(headlineOf(notice), {
      body: notice.excerpt.slice(0, MAX_SHOWN_TEXT),
      tag: notice.id,
      icon: 'favicon.svg',
      silent: true,
    });
    shown.onclick = () => {
      this.window?.focus();
      open();
      shown.close();
    };
    shown.onclose = () => this.shown.delete(notice.id);
    this.shown.set(notice.id, shown);
  }

  close(ids: readonly string[]): void {
    ids.forEach((id) => this.shown.get(id)?.close());
  }

  private read(): boolean {
    try {
      return this.window?.localStorage.getItem(KEY) === 'on';
    } catch {
      return false;
    }
  }
}
