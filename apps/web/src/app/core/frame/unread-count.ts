import { Component, computed, input } from '@angular/core';
import { MAX_BADGE } from '@clawtank/contracts';

/** How much is unread: a number for what calls the reader, a dot for the rest, and both in words. */
@Component({
  selector: 'ct-unread-count',
  template: `
    @if (calls()) {
      <span class="calls tabular" aria-hidden="true">{{ shown(calls()) }}</span>
    } @else if (unread()) {
      <span class="dot" aria-hidden="true"></span>
    }
    @if (words(); as words) {
      <span class="visually-hidden">, {{ words }}</span>
    }
  `,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      margin-left: auto;
    }

    .calls {
      min-width: 1.25rem;
      padding: 0 0.375rem;
      border-radius: var(--radius-pill);
      background: var(--coral-fill);
      color: var(--on-coral);
      font-size: 0.6875rem;
      font-weight: 700;
      line-height: 1.25rem;
      text-align: center;
    }

    .dot {
      width: 0.5rem;
      height: 0.5rem;
      margin-right: 0.375rem;
      border-radius: 50%;
      background: var(--ink-soft);
    }

    @media (forced-colors: active) {
      .calls,
      .dot {
        border: 1px solid CanvasText;
      }
    }
  `,
})
export class UnreadCount {
  /** Messages, those that call the reader included. */
  readonly unread = input(0);
  /** Mentions, or messages to the reader alone. */
  readonly calls = input(0);
  /** What a call is, as in "2 mentions". */
  readonly called = input('mentions');

  protected readonly words = computed(() => {
    const unread = this.unread() ? `${this.shown(this.unread())} unread` : '';
    const calls = this.calls() && this.called() ? `${this.shown(this.calls())} ${this.called()}` : '';
    return [unread, calls].filter(Boolean).join(', ');
  });

  protected shown(count: number): string {
    return count >= MAX_BADGE ? `${MAX_BADGE - 1}+` : String(count);
  }
}
