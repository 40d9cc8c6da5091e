import { Component, booleanAttribute, input } from '@angular/core';

/** ClawTank's mark: a glass tank with something alive in it. With `word` it carries the name and is read out. */
@Component({
  selector: 'ct-mark',
  template: `
    <svg viewBox="0 0 32 32" [attr.width]="size()" [attr.height]="size()" aria-hidden="true" focusable="false">
      <path
        class="water"
        d="M4.5 16.2c1.9-1.4 3.8-1.4 5.7 0s3.8 1.4 5.8 0 3.8-1.4 5.7 0 3.9 1.4 5.8 0V22a6 6 0 0 1-6 6h-11a6 6 0 0 1-6-6z"
      />
      <g class="claw" transform="translate(0 2.5)">
        <path
          d="M15.6 2.4c-4.7 1.5-7.3 5.4-7.1 9.9.2 3.3 1.9 5.9 4.7 7.2l-.3 1.5h5.4l-.2-1.4c3.3-1.1 5.4-3.9 5.4-7.5 0-3-1.5-5.7-4-7.3.6 3-.1 5.5-2.9 7.7-2.7-2.7-3.1-6.3-1-10.1z"
        />
        <path d="M12.6 22.2h6l.5 3h-7z" />
      </g>
      <path class="glass" d="M4.25 8.5V22a6 6 0 0 0 6 6h11.5a6 6 0 0 0 6-6V8.5" />
    </svg>
    @if (word()) {
      <span class="word">ClawTank</span>
    }
  `,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 0.5rem;
      color: var(--ink);
    }

    .water {
      fill: var(--water);
    }

    .claw {
      fill: var(--coral-fill);
    }

    .glass {
      fill: none;
      stroke: var(--glass);
      stroke-width: 2.3;
      stroke-linecap: round;
    }

    .word {
      font-size: 1.0625rem;
      font-weight: 700;
      letter-spacing: -0.025em;
    }
  `,
})
export class Mark {
  readonly size = input(28);
  readonly word = input(false, { transform: booleanAttribute });
}
