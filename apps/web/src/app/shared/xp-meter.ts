import { Component, computed, input } from '@angular/core';
import { XP_PER_LEVEL } from '@clawtank/contracts';

/** Level, total experience, and how far it is to the next level. */
@Component({
  selector: 'ct-xp-meter',
  template: `
    <div class="words">
      <strong>Level {{ level() }}</strong>
      <span class="tabular">{{ totalXP() }} XP</span>
    </div>
    <div
      class="track"
      role="meter"
      aria-label="Progress to the next level"
      aria-valuemin="0"
      [attr.aria-valuemax]="perLevel"
      [attr.aria-valuenow]="gained()"
      [attr.aria-valuetext]="description()"
    >
      <div class="fill" [style.inline-size.%]="(gained() / perLevel) * 100"></div>
    </div>
    <p class="tabular">{{ perLevel - gained() }} XP to level {{ level() + 1 }}</p>
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--space-2);
    }

    .words {
      display: flex;
      align-items: baseline;
      justify-content: space-between;
      gap: var(--space-3);
    }

    strong {
      color: var(--amber);
      font-weight: 700;
    }

    span,
    p {
      color: var(--ink-faint);
      font-size: var(--text-xs);
    }

    .track {
      height: 0.5rem;
      border-radius: var(--radius-pill);
      background: var(--hover);
      box-shadow: inset 0 0 0 1px var(--line);
      overflow: hidden;
    }

    .fill {
      height: 100%;
      border-radius: inherit;
      background: var(--amber);
      transition: inline-size var(--brief);
    }

    @media (forced-colors: active) {
      .track {
        border: 1px solid CanvasText;
      }

      .fill {
        background: Highlight;
      }
    }
  `,
})
export class XpMeter {
  readonly level = input.required<number>();
  readonly totalXP = input.required<number>();

  protected readonly perLevel = XP_PER_LEVEL;
  protected readonly gained = computed(() => this.totalXP() - (this.level() - 1) * XP_PER_LEVEL);
  protected readonly description = computed(
    () => `${this.gained()} of ${XP_PER_LEVEL} XP towards level ${this.level() + 1}`,
  );
}
