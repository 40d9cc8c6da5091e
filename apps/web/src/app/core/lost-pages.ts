import { HttpClient } from '@angular/common/http';
import { DOCUMENT, InjectionToken, Service, inject } from '@angular/core';
import { NavigationEnd, type NavigationError, Router } from '@angular/router';
import { filter, firstValueFrom } from 'rxjs';
import { Toasts } from '../shared/toast/toasts';

/** Goes to an address of this site as if it had been typed: everything is fetched anew. */
export const FETCH_PAGE = new InjectionToken<(address: string) => void>('FETCH_PAGE', {
  factory: () => {
    const { location } = inject(DOCUMENT);
    return (address) => {
      const isHere = new URL(address, location.origin).href === location.href;
      // With a fragment in it, going where one is fetches nothing.
      return isHere ? location.reload() : location.assign(address);
    };
  },
});

/** In the words of Chromium, Firefox and Safari. */
const DID_NOT_LOAD = /dynamically imported module|Importing a module script failed/i;
const KEY = 'clawtank.fetched-anew';
const PATIENCE = 10_000;

/**
 * Pages whose code does not load. After an update the server no longer has the files that an open page knows by name: such a
 * page is fetched anew at the address the reader asked for, once. What was begun in a composer, and what waits to be sent, is
 * kept on the device. Without a server to fetch from, the reader stays where they are.
 */
@Service()
export class LostPages {
  private readonly fetchPage = inject(FETCH_PAGE);
  private readonly http = inject(HttpClient);
  private readonly router = inject(Router);
  private readonly storage = inject(DOCUMENT).defaultView?.sessionStorage;
  private readonly toasts = inject(Toasts);

  /** From now on a page that loads ends what was tried before. */
  watch(): void {
    this.router.events.pipe(filter((event) => event instanceof NavigationEnd)).subscribe(() => this.forget());
  }

  async recover({ error, url }: Pick<NavigationError, 'error' | 'url'>): Promise<void> {
    if (!(error instanceof Error && DID_NOT_LOAD.test(error.message))) {
      return;
    }
    if (!(await this.isServerThere())) {
      this.toasts.failed('That page did not load: ClawTank cannot be reached.', {
        label: 'Try again',
        run: () => void this.router.navigateByUrl(url),
      });
    } else if (this.isFirstTry(url)) {
      this.fetchPage(url);
    } else {
      this.toasts.failed('That page did not load, and fetching it anew did not help.', {
        label: 'Try once more',
        run: () => this.fetchPage(url),
      });
    }
  }

  private async isServerThere(): Promise<boolean> {
    try {
      await firstValueFrom(this.http.get('/', { responseType: 'text', timeout: PATIENCE }));
      return true;
    } catch {
      return false;
    }
  }

  /** False too where nothing can be remembered: better a page that does not load than one that loads without end. */
  private isFirstTry(address: string): boolean {
    try {
      const isFirst = this.storage?.getItem(KEY) !== address;
      this.storage?.setItem(KEY, address);
      return isFirst && this.storage?.getItem(KEY) === address;
    } catch {
      return false;
    }
  }

  private forget(): void {
    try {
      this.storage?.removeItem(KEY);
    } catch {
      // Storage is blocked: nothing was remembered.
    }
  }
}
