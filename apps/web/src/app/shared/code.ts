import { Component, input } from '@angular/core';
import { CopyButton } from './copy-button';

/** Something to be copied exactly: a command, an address, a token. One line, scrolls sideways, never wraps. */
@Component({
  selector: 'ct-code',
  imports: [CopyButton],
  template: `
    <code tabindex="0" role="textbox" aria-readonly="true" [attr.aria-label]="what()">{{ text() }}</code>
    <ct-copy-button [text]="text()" [what]="what()" />
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: var(--space-1);
      min-width: 0;
      padding: 0.1875rem 0.1875rem 0.1875rem var(--space-3);
      border: 1px solid var(--line);
      border-radius: var(--radius-m);
      background: var(--sunken);
    }

    code {
      flex: 1;
      min-width: 0;
      padding: var(--space-1) 0;
      overflow-x: auto;
      white-space: pre;
      scrollbar-width: none;
      user-select: all;
    }
  `,
})
export class Code {
  readonly text = input.required<string>();
  /** What it is, to complete "Copy …": "the clone command". */
  readonly what = input.required<string>();
}
