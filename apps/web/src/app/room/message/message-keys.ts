import { Directive, ElementRef, inject, output, signal } from '@angular/core';

/** Arrow keys lead from message to message in what it is put on; the Tab key reaches one of them. */
@Directive({
  selector: '[ctMessageKeys]',
  exportAs: 'ctMessageKeys',
  host: { '(keydown)': 'keyPressed($event)', '(focusin)': 'focused($event)' },
})
export class MessageKeys {
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly chosen = signal<string | null>(null);

  /** The `data-key` of the message that had the focus last. */
  readonly current = this.chosen.asReadonly();
  /** The reader goes on past the last message, or leaves. */
  readonly leaves = output();

  protected focused({ target }: FocusEvent): void {
    const row = (target as HTMLElement).closest<HTMLElement>('ct-message');
    if (row) {
      this.chosen.set(row.dataset['key'] ?? null);
    }
  }

  protected keyPressed(event: KeyboardEvent): void {
    const articles = [...this.element.nativeElement.querySelectorAll<HTMLElement>('ct-message > article')];
    const at = articles.indexOf(event.target as HTMLElement);
    if (at < 0 && event.target !== this.element.nativeElement) {
      return;
    }
    const to = target(event, at, articles.length);
    if (to === null) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (to >= articles.length) {
      this.leaves.emit();
    } else {
      articles[to]?.focus();
    }
  }
}

/** Which message a key leads to; the number of messages where it leads out of them. */
function target({ key, ctrlKey, altKey, metaKey }: KeyboardEvent, at: number, count: number): number | null {
  if (ctrlKey || altKey || metaKey || count === 0) {
    return null;
  }
  switch (key) {
    case 'ArrowUp':
      return at < 0 ? count - 1 : Math.max(at - 1, 0);
    case 'ArrowDown':
      return at < 0 ? count - 1 : at + 1;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    case 'Escape':
      return at < 0 ? null : count;
    default:
      return null;
  }
}
