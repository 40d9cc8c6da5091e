import { DOCUMENT, Service, computed, inject, signal } from '@angular/core';

/** How the live connection of a page is doing. `idle`: this page needs none. */
export type LinkState = 'idle' | 'connecting' | 'connected' | 'lost';

/** Whether what is on screen is live. Whoever holds a socket reports here; the banner speaks for it. */
@Service()
export class Connection {
  private readonly window = inject(DOCUMENT).defaultView;
  private readonly networkIsUp = signal(this.window?.navigator.onLine ?? true);
  private readonly link = signal<LinkState>('idle');
  private reconnect: (() => void) | null = null;

  readonly state = computed<'live' | 'reconnecting' | 'offline'>(() => {
    if (!this.networkIsUp()) {
      return 'offline';
    }
    return this.link() === 'lost' ? 'reconnecting' : 'live';
  });

  constructor() {
    this.window?.addEventListener('online', () => this.networkIsUp.set(true));
    this.window?.addEventListener('offline', () => this.networkIsUp.set(false));
  }

  /** Says how the socket is doing, and how to try it again at once. */
  report(state: LinkState, reconnect: (() => void) | null = null): void {
    this.link.set(state);
    this.reconnect = reconnect;
  }

  tryNow(): void {
    this.reconnect?.();
  }
}
