import { Component, DOCUMENT, computed, inject, input } from '@angular/core';

const ARROWS = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc' };
const ON_APPLE: Record<string, string> = { ...ARROWS, Mod: '⌘', Alt: '⌥', Shift: '⇧', Enter: '↵' };
const ELSEWHERE: Record<string, string> = { ...ARROWS, Mod: 'Ctrl' };

export const isApple = (document: Document): boolean =>
  /Mac|iPhone|iPad/.test(document.defaultView?.navigator.userAgent ?? '');

/** The names of a shortcut's keys on this reader's keyboard. */
export const keyNames = (shortcut: string, onApple: boolean): string[] =>
  shortcut.split(/\+(?=.)/).map((key) => (onApple ? ON_APPLE : ELSEWHERE)[key] ?? key);

/** A keyboard shortcut such as "Mod+K", written as this reader's keyboard has it. */
@Component({
  selector: 'ct-keys',
  template: `
    @for (key of keys(); track $index) {
      <kbd>{{ key }}</kbd>
    }
  `,
  styles: `
    :host {
      display: inline-flex;
      gap: 0.1875rem;
    }

    kbd {
      min-width: 1.25rem;
      padding: 0.0625rem 0.3125rem;
      border: 1px solid var(--line);
      border-bottom-width: 2px;
      border-radius: 0.3125rem;
      background: var(--raised);
      color: var(--ink-faint);
      font-family: var(--font);
      font-size: 0.6875rem;
      font-weight: 600;
      text-align: center;
    }
  `,
})
export class Keys {
  private readonly isApple = isApple(inject(DOCUMENT));

  readonly shortcut = input.required<string>();
  protected readonly keys = computed(() => keyNames(this.shortcut(), this.isApple));
}
