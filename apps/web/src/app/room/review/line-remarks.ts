import { Component, computed, inject, input, output } from '@angular/core';
import { LucidePencil, LucideX } from '../../shared/icon/icons';
import { Button } from '../../shared/button';
import { RemarkEditor } from './remark-editor';
import { ShownRemarks } from './shown-remarks';

/** Under a line of a diff: what was said of it, and where the reader says something. */
@Component({
  selector: 'ct-line-remarks',
  imports: [Button, LucidePencil, LucideX, RemarkEditor],
  template: `
    @for (remark of given(); track $index) {
      <p>
        <strong>{{ remarks.given()?.by?.name }}</strong> <span class="words">{{ remark.text }}</span>
      </p>
    }
    @if (isWriting()) {
      <ct-remark-editor
        [label]="'Remark on line ' + line() + ' of ' + path()"
        [before]="draft()?.text ?? ''"
        (kept)="keep($event)"
        (closed)="close()"
      />
    } @else if (draft(); as draft) {
      <p>
        <strong>You</strong> <span class="faint">not sent yet</span> <span class="words">{{ draft.text }}</span>
        <span class="tools">
          <button
            type="button"
            ctButton="quiet"
            size="small"
            icon
            [attr.aria-label]="'Change the remark on line ' + line()"
            title="Change"
            (click)="remarks.open(draft)"
          >
            <svg lucidePencil [size]="14"></svg>
          </button>
          <button
            type="button"
            ctButton="quiet"
            size="small"
            icon
            [attr.aria-label]="'Take back the remark on line ' + line()"
            title="Take back"
            (click)="drop()"
          >
            <svg lucideX [size]="14"></svg>
          </button>
        </span>
      </p>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--space-2);
    }

    p {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0 var(--space-2);
    }

    .words {
      flex: 1 1 12rem;
      min-width: 0;
      overflow-wrap: anywhere;
      white-space: pre-wrap;
    }

    .tools {
      display: inline-flex;
    }
  `,
})
export class LineRemarks {
  protected readonly remarks = inject(ShownRemarks);

  readonly path = input.required<string>();
  readonly line = input.required<number>();
  /** The reader is done here: kept, taken back, or let go of. */
  readonly closed = output();

  protected readonly isWriting = computed(() => {
    const writing = this.remarks.writing();
    return writing?.path === this.path() && writing.line === this.line();
  });
  protected readonly given = computed(() => this.remarks.given()?.remarks.filter((one) => this.isHere(one)) ?? []);
  protected readonly draft = computed(() => this.remarks.drafted().find((one) => this.isHere(one)) ?? null);

  protected keep(text: string): void {
    this.remarks.keep({ path: this.path(), line: this.line(), text });
    this.closed.emit();
  }

  protected drop(): void {
    this.remarks.drop({ path: this.path(), line: this.line() });
    this.closed.emit();
  }

  protected close(): void {
    this.remarks.writing.set(null);
    this.closed.emit();
  }

  private isHere({ path, line }: { readonly path: string; readonly line: number | null }): boolean {
    return path === this.path() && line === this.line();
  }
}
