import { Directive, ElementRef, booleanAttribute, inject, input } from '@angular/core';

/** Makes a button or link look and behave like one of ours. While `pending` it says so and takes no second press. */
@Directive({
  selector: 'button[ctButton], a[ctButton]',
  host: {
    class: 'button',
    '[class.button-primary]': 'look() === "primary"',
    '[class.button-secondary]': 'look() === "secondary" || look() === ""',
    '[class.button-quiet]': 'look() === "quiet"',
    '[class.button-danger]': 'look() === "danger"',
    '[class.button-small]': 'size() === "small"',
    '[class.button-icon]': 'icon()',
    '[class.button-pending]': 'pending()',
    '[attr.aria-busy]': 'pending() || null',
  },
})
export class Button {
  readonly look = input<'primary' | 'secondary' | 'quiet' | 'danger' | ''>('', { alias: 'ctButton' });
  readonly size = input<'normal' | 'small'>('normal');
  /** A square button that holds only an icon; give it an aria-label. */
  readonly icon = input(false, { transform: booleanAttribute });
  readonly pending = input(false);

  constructor() {
    // While capturing, because Angular would call a (click) of the template even after stopImmediatePropagation.
    inject<ElementRef<HTMLElement>>(ElementRef).nativeElement.addEventListener(
      'click',
      (event) => {
        if (this.pending()) {
          event.preventDefault();
          event.stopImmediatePropagation();
        }
      },
      { capture: true },
    );
  }
}
