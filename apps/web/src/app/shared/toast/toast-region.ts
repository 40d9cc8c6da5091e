import { Component, inject } from '@angular/core';
import { LucideBell, LucideCheck, LucideCircleAlert, LucideX } from '../icon/icons';
import { Button } from '../button';
import { type Toast, Toasts } from './toasts';

/** Where toasts appear. Always in the page, so that screen readers hear what is added. */
@Component({
  selector: 'ct-toast-region',
  imports: [Button, LucideBell, LucideCheck, LucideCircleAlert, LucideX],
  template: `
    <div role="log" aria-live="polite" aria-label="Notifications">
      @for (toast of toasts.toasts(); track toast.id) {
        <div class="toast" animate.enter="arriving" [class.failed]="toast.kind === 'failed'">
          @if (toast.kind === 'failed') {
            <svg lucideCircleAlert></svg>
          } @else if (toast.kind === 'news') {
            <svg lucideBell class="bell"></svg>
          } @else {
            <svg lucideCheck></svg>
          }
          <p>{{ toast.text }}</p>
          @if (toast.action; as action) {
            <button type="button" ctButton size="small" (click)="take(toast)">{{ action.label }}</button>
          }
          <button
            type="button"
            ctButton="quiet"
            size="small"
            icon
            aria-label="Dismiss the notification"
            (click)="toasts.dismiss(toast.id)"
          >
            <svg lucideX [size]="16"></svg>
          </button>
        </div>
      }
    </div>
  `,
  styles: `
    :host {
      position: fixed;
      inset: auto var(--space-4) var(--space-4) auto;
      z-index: 5;
      pointer-events: none;
    }

    [role='log'] {
      display: grid;
      gap: var(--space-2);
    }

    .toast {
      display: flex;
      align-items: center;
      gap: var(--space-3);
      width: min(26rem, calc(100vw - 2rem));
      padding: var(--space-2) var(--space-2) var(--space-2) var(--space-4);
      border-radius: var(--radius-m);
      background: var(--raised);
      box-shadow: var(--float);
      pointer-events: auto;
    }

    .arriving {
      animation: arrive var(--brief) ease-out;
    }

    .toast > svg {
      color: var(--good);
    }

    .toast > .bell {
      color: var(--coral);
    }

    .failed > svg {
      color: var(--danger);
    }

    p {
      display: -webkit-box;
      flex: 1;
      overflow: hidden;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 4;
      overflow-wrap: anywhere;
    }

    @keyframes arrive {
      from {
        opacity: 0;
        transform: translateY(0.5rem);
      }
    }

    @media (max-width: 45rem) {
      :host {
        bottom: calc(var(--bottom-bar) + var(--space-3));
      }
    }
  `,
})
export class ToastRegion {
  protected readonly toasts = inject(Toasts);

  protected take(toast: Toast): void {
    this.toasts.dismiss(toast.id);
    toast.action?.run();
  }
}
