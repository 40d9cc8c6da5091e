import { Component, computed, inject, input, output } from '@angular/core';
import { LucidePencil, LucideX } from '../../shared/icon/icons';
import { Button } from '../../shared/button';
import { Drafts } from '../state/drafts';
import { RoomStore } from '../state/room-store';
import { RemarkEditor } from './remark-editor';
import { ShownRemarks } from './shown-remarks';

/** Under a line of a diff, or above a file’s: what was said of it, and where the reader says something. */
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
        [label]="'Remark on ' + whole()"
        [before]="begun()"
        (typed)="texts.keep(place(), reader(), $event)"
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
            [attr.aria-label]="'Change the remark on ' + what()"
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
            [attr.aria-label]="'Take back the remark on ' + what()"
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
  private readonly store = inject(RoomStore);
  protected readonly texts = inject(Drafts);
  protected readonly remarks = inject(ShownRemarks);

  readonly path = input.required<string>();
  /** Null for the file as a whole. */
  readonly line = input.required<number | null>();
  /** The reader is done here: kept, taken back, or let go of. */
  readonly closed = output();

  protected readonly reader = computed(() => this.store.readerId() ?? '');
  protected readonly what = computed(() => (this.line() === null ? 'the whole file' : `line ${this.line()}`));
  protected readonly whole = computed(() =>
    this.line() === null ? `the whole file ${this.path()}` : `line ${this.line()} of ${this.path()}`,
  );
  /** Names what is being written here, for exactly this state of the work. */
  protected readonly place = computed(
    () => `remark ${this.remarks.reviewed()?.submittedSha ?? ''} ${this.path()}:${this.line() ?? ''}`,
  );
  /** What was typed here and not kept counts before what was kept. */
  protected readonly begun = computed(() => this.texts.read(this.place(), this.reader()) || (this.draft()?.text ?? ''));
  protected readonly isWriting = computed(() => {
    const writing = this.remarks.writing();
    return writing?.path === this.path() && writing.line === this.line();
  });
  protected readonly given = computed(() => this.remarks.given()?.remarks.filter((one) => this.isHere(one)) ?? []);
  protected readonly draft = computed(() => this.remarks.drafted().find((one) => this.isHere(one)) ?? null);

  protected keep(text: string): void {
    this.remarks.keep({ path: this.path(), line: this.line(), text });
    this.forget();
    this.closed.emit();
  }

  protected drop(): void {
    this.remarks.drop({ path: this.path(), line: this.line() });
    this.closed.emit();
  }

  protected close(): void {
    this.remarks.writing.set(null);
    this.forget();
    this.closed.emit();
  }

  private forget(): void {
    this.texts.keep(this.place(), this.reader(), '');
  }

  private isHere({ path, line }: { readonly path: string; readonly line: number | null }): boolean {
    return path === this.path() && line === this.line();
  }
}
