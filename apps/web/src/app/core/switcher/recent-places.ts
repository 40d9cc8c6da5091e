import { DOCUMENT, Service, inject } from '@angular/core';
import { NavigationEnd, Router } from '@angular/router';
import { filter } from 'rxjs';

const KEY = 'clawtank.recent-places';
const KEPT = 20;
const PLACE = /^\/rooms\/(?!new$)[^/]+(?:\/direct\/[^/]+)?$/;

/** The rooms and conversations that this device was in last, the latest first. */
@Service()
export class RecentPlaces {
  private readonly storage = inject(DOCUMENT).defaultView?.localStorage;

  constructor() {
    inject(Router)
      .events.pipe(filter((event) => event instanceof NavigationEnd))
      .subscribe(({ urlAfterRedirects }) => this.visited(urlAfterRedirects.split(/[?#]/, 1)[0] ?? ''));
  }

  list(): readonly string[] {
    try {
      const kept: unknown = JSON.parse(this.storage?.getItem(KEY) ?? '[]');
      return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : [];
    } catch {
      return [];
    }
  }

  private visited(address: string): void {
    if (!PLACE.test(address)) {
      return;
    }
    try {
      const recent = [address, ...this.list().filter((one) => one !== address)].slice(0, KEPT);
      this.storage?.setItem(KEY, JSON.stringify(recent));
    } catch {
      // Storage is full or blocked: nothing is recent.
    }
  }
}
