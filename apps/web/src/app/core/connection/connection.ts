import { DOCUMENT, Service, computed, inject, signal } from '@angular/core';

/** How a live connection is doing. `idle`: nobody needs it. */
export type LinkState = 'idle' | 'connecting' | 'connected' | 'lost';

/** Who holds live connections: the one socket of whoever is signed in, and the stage's own line. */
type Link = 'members' | 'spectators';

interface Report {
  readonly state: LinkState;
  readonly reconnect: (() => void) | null;
}

/** Whether what is on screen is live. Whoever holds a socket reports here; the banner speaks for it. */
@Service()
export class Connection {
  private readonly window = inject(DOCUMENT).defaultView;
  private readonly networkIsUp = signal(this.window?.navigator.onLine ?? true);
  private readonly links = signal<ReadonlyMap<Link, Report>>(new Map());

  readonly state = computed<'live' | 'reconnecting' | 'offline'>(() => {
    if (!this.networkIsUp()) {
      return 'offline';
    }
    return this.lost().length > 0 ? 'reconnecting' : 'live';
  });

  private readonly lost = computed(() => [...this.links().values()].filter(({ state }) => state === 'lost'));

  constructor() {
    this.window?.addEventListener('online', () => this.networkIsUp.set(true));
    this.window?.addEventListener('offline', () => this.networkIsUp.set(false));
  }

  /** Says how a connection is doing, and how to try it again at once. */
  report(link: Link, state: LinkState, reconnect: (() => void) | null = null): void {
    this.links.update((links) => new Map(links).set(link, { state, reconnect }));
  }

  tryNow(): void {
    this.lost().forEach(({ reconnect }) => reconnect?.());
  }
}
