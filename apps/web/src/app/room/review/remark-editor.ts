import { CdkTextareaAutosize } from '@angular/cdk/text-field';
import {
  Component,
  ElementRef,
  afterNextRender,
  computed,
  input,
  linkedSignal,
  output,
  viewChild,
} from '@angular/core';
import { Button } from '../../shared/button';

/** As the contract has it. */
const MOST_CHARACTERS = 2000;

/** Where one writes what is to be said of one place in the work. */
@Component({
  selector: 'ct-remark-editor',
  imports: [Button, CdkTextareaAutosize],
  template: `
    <textarea
      rows="2"
      cdkTextareaAutosize
      cdkAutosizeMinRows="2"
      cdkAutosizeMaxRows="10"
      [attr.aria-label]="label()"
      [attr.aria-invalid]="left() < 0 || null"
      [value]="text()"
      (input)="type(box.value)"
      (keydown)="keyPressed($event)"
      #box
    ></textarea>
    <div class="buttons">
      @if (left() < 0) {
        <span class="over" role="alert">{{ -left() }} characters too many</span>
      } @else {
        <span class="hint">It goes with your review.</span>
      }
      <button type="button" ctButton="quiet" size="small" (click)="closed.emit()">Cancel</button>
      <button type="button" ctButton="primary" size="small" [disabled]="!canKeep()" (click)="keep()">
        Keep the remark
      </button>
    </div>
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--space-2);
    }

    textarea {
      width: 100%;
      padding: var(--space-2) var(--space-3);
      border: 1px solid var(--control-line);
      border-radius: var(--radius-m);
      background: var(--surface);
      font: var(--text-m) / var(--normal) var(--font);
      resize: none;
    }

    .buttons {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--space-2);
    }

    .hint,
    .over {
      flex: 1;
      color: var(--ink-faint);
      font: var(--text-xs) / var(--normal) var(--font);
    }

    .over {
      color: var(--danger);
    }

    @media (pointer: coarse) {
      /* 16 px, or iOS zooms in on the field. */
      textarea {
        font-size: 1rem;
      }
    }
  `,
})
export class RemarkEditor {
  private readonly box = viewChild.required<ElementRef<HTMLTextAreaElement>>('box');

  /** What it is about: "Remark on line 3 of docs/lamp.md". */
  readonly label = input.required<string>();
  readonly before = input('');
  /** So that it may be kept while it is not done. */
  readonly typed = output<string>();
  readonly kept = output<string>();
  readonly closed = output();

  protected readonly text = linkedSignal(() => this.before());
  protected readonly left = computed(() => MOST_CHARACTERS - [...this.text()].length);
  protected readonly canKeep = computed(() => this.text().trim() !== '' && this.left() >= 0);

  constructor() {
    afterNextRender(() => this.box().nativeElement.focus());
  }

  protected type(text: string): void {
    this.text.set(text);
    this.typed.emit(text);
  }

  protected keyPressed(event: KeyboardEvent): void {
    if (event.isComposing) {
      return;
    }
    // What is typed is no command to the page around it.
    event.stopPropagation();
    if (event.key === 'Escape') {
      event.preventDefault();
      this.closed.emit();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.keep();
    }
  }

  protected keep(): void {
    if (this.canKeep()) {
      this.kept.emit(this.text().trim());
    }
  }
}
