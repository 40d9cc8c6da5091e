import { Component, computed, input } from '@angular/core';
import { type DiffLine, parsePatch } from './parse-patch';

const SAYS: Partial<Record<DiffLine['kind'], string>> = { added: 'Added: ', removed: 'Removed: ' };
const SIGN: Partial<Record<DiffLine['kind'], string>> = { added: '+', removed: '−' };

/** The changed lines of one file. Copying them copies the text alone, without numbers and signs. */
@Component({
  selector: 'ct-diff',
  template: `
    <div class="scroll" tabindex="0" role="region" [attr.aria-label]="'Changes to ' + path()">
      <table>
        <caption class="visually-hidden">
          Changes to
          {{
            path()
          }}
        </caption>
        <tbody>
          @for (line of lines(); track $index) {
            <tr [class]="line.kind">
              <td class="number" [attr.data-number]="line.oldNumber"></td>
              <td class="number" [attr.data-number]="line.newNumber"></td>
              <td class="sign" [attr.data-sign]="signs[line.kind] ?? ''"></td>
              <td class="text">
                <span class="visually-hidden unselectable">{{ says[line.kind] ?? '' }}</span>
                <code>{{ line.text }}</code>
              </td>
            </tr>
          } @empty {
            <tr class="note">
              <td class="text">{{ nothing() }}</td>
            </tr>
          }
        </tbody>
      </table>
    </div>
    @if (truncated()) {
      <p class="truncated">The rest of this file’s changes is too long to show here.</p>
    }
  `,
  styleUrl: './diff-view.css',
})
export class DiffView {
  /** A unified diff of one file. */
  readonly patch = input.required<string>();
  readonly path = input.required<string>();
  readonly binary = input(false);
  readonly truncated = input(false);

  protected readonly signs = SIGN;
  protected readonly says = SAYS;
  protected readonly lines = computed(() => parsePatch(this.patch()));
  protected readonly nothing = computed(() =>
    this.binary() ? 'A binary file: its content is not shown.' : 'No lines changed.',
  );
}
