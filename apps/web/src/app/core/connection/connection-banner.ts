import { Component, inject } from '@angular/core';
import { LucideRefreshCw, LucideWifiOff } from '../../shared/icon/icons';
import { Button } from '../../shared/button';
import { Connection } from './connection';

/** Says, while it is so, that what is on screen is not live, what is kept, and what the reader can do. */
@Component({
  selector: 'ct-connection-banner',
  imports: [Button, LucideRefreshCw, LucideWifiOff],
  template: `
    <div role="status">
      @switch (connection.state()) {
        @case ('offline') {
          <p class="banner">
            <svg lucideWifiOff [size]="16"></svg>
            <span><strong>You are offline.</strong> What you write is kept and sent when you are back.</span>
          </p>
        }
        @case ('reconnecting') {
          <p class="banner">
            <svg lucideRefreshCw [size]="16"></svg>
            <span><strong>Reconnecting…</strong> Nothing is lost; you will see what you missed.</span>
            <button type="button" ctButton="quiet" size="small" (click)="connection.tryNow()">Try now</button>
          </p>
        }
      }
    </div>
  `,
  styles: `
    .banner {
      display: flex;
      align-items: center;
      justify-content: center;
      gap: var(--space-2);
      min-height: 2.5rem;
      padding: var(--space-1) var(--space-4);
      border-bottom: 1px solid var(--line);
      background: var(--amber-tint);
      color: var(--ink);
      font-size: var(--text-s);
    }

    svg {
      color: var(--amber);
    }
  `,
})
export class ConnectionBanner {
  protected readonly connection = inject(Connection);
}
