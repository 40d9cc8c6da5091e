import { Component, input, output } from '@angular/core';
import { LucideCircleAlert, LucideClock } from '../../shared/icon/icons';
import { Button } from '../../shared/button';

/** What a message waits for that the server has not taken yet; or why it would not take it, and what to do now. */
@Component({
  selector: 'ct-pending-note',
  imports: [Button, LucideCircleAlert, LucideClock],
  template: `
    @if (refusal(); as refusal) {
      <p class="refusal" role="alert">
        <svg lucideCircleAlert [size]="14"></svg>
        <span><strong>Not sent.</strong> {{ refusal }}</span>
        <button type="button" ctButton size="small" (click)="retries.emit()">Retry</button>
        <ng-content />
        <button type="button" ctButton="quiet" size="small" (click)="discards.emit()">Discard</button>
      </p>
    } @else {
      <p class="sending">
        <svg lucideClock [size]="12"></svg
        >{{ !isConnected() ? 'Waits for the connection' : isPaused() ? 'Waits its turn' : 'Sending…' }}
      </p>
    }
  `,
  styles: `
    p {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--space-1) var(--space-2);
      color: var(--ink-faint);
      font-size: var(--text-xs);
    }

    /* Most messages are stored before one could read this. */
    .sending {
      animation: appear 1ms 400ms both;
    }

    .refusal {
      color: var(--danger);
    }

    @keyframes appear {
      from {
        visibility: hidden;
      }
    }
  `,
})
export class PendingNote {
  /** Why the server did not take it; null while it is on its way. */
  readonly refusal = input.required<string | null>();
  readonly isConnected = input.required<boolean>();
  /** The server asks for patience. */
  readonly isPaused = input(false);
  readonly retries = output();
  readonly discards = output();
}
