import { NgTemplateOutlet } from '@angular/common';
import { Component, ElementRef, type TemplateRef, computed, inject, input, linkedSignal, output } from '@angular/core';
import { type DiffLine, parsePatch } from './parse-patch';

const SAYS: Partial<Record<DiffLine['kind'], string>> = { added: 'Added: ', removed: 'Removed: ' };
const SIGN: Partial<Record<DiffLine['kind'], string>> = { added: '+', removed: '−' };

/** The changed lines of one file. Copying them copies the text alone, without numbers and signs. */
@Component({
  selector: 'ct-diff',
  imports: [NgTemplateOutlet],
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
              @if (canRemark() && line.newNumber; as number) {
                <td class="number">
                  <button
                    type="button"
                    [attr.data-number]="number"
                    [attr.aria-label]="'Remark on line ' + number"
                    [title]="'Remark on line ' + number"
                    [tabindex]="number === reachable() ? 0 : -1"
                    (focus)="reachable.set(number)"
                    (keydown)="keyPressed($event, number)"
                    (click)="remark.emit(number)"
                  ></button>
                </td>
              } @else {
                <td class="number" [attr.data-number]="line.newNumber"></td>
              }
              <td class="sign" [attr.data-sign]="signs[line.kind] ?? ''"></td>
              <td class="text">
                <span class="visually-hidden unselectable">{{ says[line.kind] ?? '' }}</span>
                <code>{{ line.text }}</code>
              </td>
            </tr>
            @if (line.newNumber; as number) {
              @if (marked().has(number)) {
                <tr class="below">
                  <td colspan="4">
                    <div><ng-container *ngTemplateOutlet="below() ?? null; context: { $implicit: number }" /></div>
                  </td>
                </tr>
              }
            }
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
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef);

  /** A unified diff of one file. */
  readonly patch = input.required<string>();
  readonly path = input.required<string>();
  readonly binary = input(false);
  readonly truncated = input(false);

  /** Offers to remark on each line of the new file. */
  readonly canRemark = input(false);
  /** The lines of the new file under which `below` is shown; it is given the line's number. */
  readonly marked = input<ReadonlySet<number>>(new Set());
  readonly below = input<TemplateRef<{ readonly $implicit: number }> | null>(null);
  readonly remark = output<number>();

  protected readonly signs = SIGN;
  protected readonly says = SAYS;
  protected readonly lines = computed(() => parsePatch(this.patch()));
  private readonly numbers = computed(() => this.lines().flatMap(({ newNumber }) => newNumber ?? []));
  /** The one line number that the Tab key leads to; arrow keys lead from it to the others. */
  protected readonly reachable = linkedSignal(() => this.numbers()[0] ?? 0);
  protected readonly nothing = computed(() =>
    this.binary() ? 'A binary file: its content is not shown.' : 'No lines changed.',
  );

  /** Back to the number of a line, after a remark on it. */
  focusLine(number: number): void {
    this.reachable.set(number);
    this.element.nativeElement.querySelector<HTMLElement>(`button[data-number="${number}"]`)?.focus();
  }

  protected keyPressed(event: KeyboardEvent, number: number): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = step && this.numbers()[this.numbers().indexOf(number) + step];
    if (next) {
      event.preventDefault();
      this.focusLine(next);
    }
  }
}
