import { Component, input } from '@angular/core';

export type Tone = 'neutral' | 'coral' | 'teal' | 'violet' | 'amber' | 'danger' | 'good';

/** A word or two in a pill, with an icon if one is put inside. The tone only repeats what the word says. */
@Component({
  selector: 'ct-badge',
  host: { '[class]': '"tone-" + tone()' },
  template: `<ng-content />`,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 0.3125rem;
      min-height: 1.375rem;
      padding: 0 0.5rem;
      border-radius: var(--radius-pill);
      background: var(--badge-ground);
      color: var(--badge-ink);
      font-size: var(--text-xs);
      font-weight: 600;
      line-height: 1;
      white-space: nowrap;
      --badge-ground: var(--hover);
      --badge-ink: var(--ink-soft);
    }

    :host(.tone-coral) {
      --badge-ground: var(--coral-tint);
      --badge-ink: var(--coral);
    }

    :host(.tone-teal) {
      --badge-ground: var(--teal-tint);
      --badge-ink: var(--teal);
    }

    :host(.tone-violet) {
      --badge-ground: var(--violet-tint);
      --badge-ink: var(--violet);
    }

    :host(.tone-amber) {
      --badge-ground: var(--amber-tint);
      --badge-ink: var(--amber);
    }

    :host(.tone-danger) {
      --badge-ground: var(--danger-tint);
      --badge-ink: var(--danger);
    }

    :host(.tone-good) {
      --badge-ground: var(--good-tint);
      --badge-ink: var(--good);
    }

    @media (forced-colors: active) {
      :host {
        border: 1px solid CanvasText;
      }
    }
  `,
})
export class Badge {
  readonly tone = input<Tone>('neutral');
}
