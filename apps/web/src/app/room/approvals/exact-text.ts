import { Component, computed, input } from '@angular/core';
import { visibleText } from './visible-text';

/** A text of somebody else's exactly as it is, letter after letter; what nobody would see is shown by its code point. */
@Component({
  selector: 'ct-exact-text',
  template: `@for (piece of pieces(); track $index) {
    @if (piece.isHidden) {
      <mark title="A character that cannot be seen">{{ piece.text }}</mark>
    } @else {
      <span>{{ piece.text }}</span>
    }
  }`,
  styles: `
    /* Letters stand in the order in which a program reads them, whatever their script. */
    :host {
      direction: ltr;
      overflow-wrap: anywhere;
      unicode-bidi: bidi-override;
      white-space: pre-wrap;
    }

    mark {
      margin: 0 1px;
      padding: 0 0.1875rem;
      border-radius: 0.1875rem;
      background: var(--danger-tint);
      color: var(--danger);
      font-weight: 600;
    }
  `,
})
export class ExactText {
  readonly text = input.required<string>();
  protected readonly pieces = computed(() => visibleText(this.text()));
}
