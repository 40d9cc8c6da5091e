import { Component } from '@angular/core';

/** Above the first message that is new to the reader. */
@Component({
  selector: 'ct-new-label',
  template: `<h2>New messages</h2>`,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: var(--space-3);
      margin: var(--space-3) var(--space-4) 0;
    }

    :host::before,
    :host::after {
      content: '';
      flex: 1;
      height: 1px;
      background: var(--coral);
    }

    h2 {
      color: var(--coral);
      font-size: var(--text-xs);
      font-weight: 700;
      letter-spacing: 0;
    }
  `,
})
export class NewLabel {}
