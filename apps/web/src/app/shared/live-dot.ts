import { Component, booleanAttribute, input } from '@angular/core';

/** "Live", with a dot that breathes; `quiet` leaves the word to screen readers. */
@Component({
  selector: 'ct-live-dot',
  template: `<span class="dot" aria-hidden="true"></span><span [class.visually-hidden]="quiet()">Live</span>`,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 0.375rem;
      color: var(--good);
      font-size: var(--text-xs);
      font-weight: 700;
      line-height: 1;
    }

    .dot {
      width: 0.5rem;
      height: 0.5rem;
      border-radius: 50%;
      background: currentColor;
      box-shadow: 0 0 0 0 currentColor;
      animation: breathe 2s ease-out infinite;
    }

    @keyframes breathe {
      70%,
      100% {
        box-shadow: 0 0 0 0.4rem transparent;
      }
    }

    @media (forced-colors: active) {
      .dot {
        background: CanvasText;
      }
    }
  `,
})
export class LiveDot {
  readonly quiet = input(false, { transform: booleanAttribute });
}
