import { Component, computed, input } from '@angular/core';

/** Files, one to a line; of many the first, and how many more there are. */
@Component({
  selector: 'ct-path-list',
  template: `
    <ul>
      @for (path of first(); track path) {
        <li>
          <code>{{ path }}</code>
        </li>
      }
    </ul>
    @if (rest().length > 0) {
      <details>
        <summary>{{ rest().length }} more</summary>
        <ul>
          @for (path of rest(); track path) {
            <li>
              <code>{{ path }}</code>
            </li>
          }
        </ul>
      </details>
    }
    @if (untold(); as words) {
      <p>{{ words }}</p>
    }
  `,
  styles: `
    :host,
    ul {
      display: grid;
      gap: 0.125rem;
      min-width: 0;
    }

    code {
      overflow-wrap: anywhere;
      font-size: var(--text-xs);
    }

    summary,
    p {
      color: var(--ink-faint);
      font-size: var(--text-xs);
    }

    summary {
      width: fit-content;
      cursor: pointer;
    }
  `,
})
export class PathList {
  readonly paths = input.required<readonly string[]>();
  /** How many there are in truth; null if nobody knows. */
  readonly total = input<number | null>(null);
  readonly most = input(8);

  protected readonly first = computed(() => this.paths().slice(0, this.most()));
  protected readonly rest = computed(() => this.paths().slice(this.most()));
  protected readonly untold = computed(() => {
    const more = (this.total() ?? 0) - this.paths().length;
    return more > 0 ? `and ${more} more that are not listed` : '';
  });
}
