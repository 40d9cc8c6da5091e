import { Component, computed, input } from '@angular/core';
import type { ChangedFile } from '@clawtank/contracts';

const SIGNS: Record<ChangedFile['status'], string> = { added: 'A', modified: 'M', removed: 'D', renamed: 'R' };

/** What happened to a file: the letter git uses, in a small square, and the word for those who do not know it. */
@Component({
  selector: 'ct-file-status',
  host: { '[class]': 'status()', '[title]': 'status()' },
  template: `<span aria-hidden="true">{{ sign() }}</span
    ><span class="visually-hidden">{{ status() }}</span>`,
  styles: `
    :host {
      display: inline-grid;
      place-content: center;
      flex: none;
      width: 1.125rem;
      height: 1.125rem;
      border-radius: 0.25rem;
      background: var(--violet-tint);
      color: var(--violet);
      font: 650 0.6875rem / 1 var(--mono);
    }

    :host(.added) {
      background: var(--good-tint);
      color: var(--good);
    }

    :host(.removed) {
      background: var(--danger-tint);
      color: var(--danger);
    }
  `,
})
export class FileStatus {
  readonly status = input.required<ChangedFile['status']>();
  protected readonly sign = computed(() => SIGNS[this.status()]);
}
