import { CdkTextareaAutosize } from '@angular/cdk/text-field';
import {
  Component,
  ElementRef,
  afterNextRender,
  computed,
  input,
  linkedSignal,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { MAX_MESSAGE_LENGTH } from '@clawtank/contracts';
import { toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { Keys } from '../../shared/keys';

/** Changes what a message says where it stands. Enter keeps the change, Escape lets go of it. */
@Component({
  selector: 'ct-text-editor',
  imports: [Button, CdkTextareaAutosize, Keys],
  template: `
    <form (submit)="$event.preventDefault(); save()">
      <textarea
        rows="1"
        cdkTextareaAutosize
        cdkAutosizeMaxRows="12"
        aria-label="Edit the message"
        [attr.aria-invalid]="problem() !== '' || null"
        [value]="text()"
        (input)="text.set(box.value)"
        (keydown)="keyPressed($event)"
        #box
      ></textarea>
      @if (problem(); as problem) {
        <p class="problem" role="alert">{{ problem }}</p>
      }
      <div class="buttons">
        <span class="hint"><ct-keys shortcut="Enter" /> keeps it, <ct-keys shortcut="Esc" /> lets go</span>
        <button type="button" ctButton="quiet" size="small" (click)="closes.emit()">Cancel</button>
        <button ctButton="primary" size="small" [pending]="isSaving()" [disabled]="!canSave()">Save</button>
      </div>
    </form>
  `,
  styleUrl: './text-editor.css',
})
export class TextEditor {
  private readonly box = viewChild.required<ElementRef<HTMLTextAreaElement>>('box');

  readonly message = input.required<{ readonly id: string; readonly message: string }>();
  /** Has the server say it; what it throws is shown beside the words. */
  readonly keep = input.required<(text: string) => Promise<void>>();
  readonly closes = output();

  protected readonly text = linkedSignal({
    source: () => this.message().id,
    computation: (): string => this.message().message,
  });
  protected readonly isSaving = signal(false);
  private readonly refusal = signal('');
  private readonly left = computed(() => MAX_MESSAGE_LENGTH - [...this.text()].length);
  protected readonly problem = computed(
    () => this.refusal() || (this.left() < 0 ? `${-this.left()} characters too many` : ''),
  );
  protected readonly canSave = computed(() => this.text().trim() !== '' && this.left() >= 0);

  constructor() {
    afterNextRender(() => {
      const box = this.box().nativeElement;
      box.focus();
      box.setSelectionRange(box.value.length, box.value.length);
    });
  }

  protected keyPressed(event: KeyboardEvent): void {
    // What is typed is no command to the message around it.
    event.stopPropagation();
    if (event.isComposing) {
      return;
    }
    if (event.key === 'Escape') {
      event.preventDefault();
      this.closes.emit();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void this.save();
    }
  }

  protected async save(): Promise<void> {
    const text = this.text().trim();
    if (!this.canSave() || this.isSaving()) {
      return;
    }
    if (text === this.message().message) {
      this.closes.emit();
      return;
    }
    this.isSaving.set(true);
    this.refusal.set('');
    try {
      await this.keep()(text);
      this.closes.emit();
    } catch (thrown) {
      this.refusal.set(`Not changed. ${toApiProblem(thrown).detail}`);
    } finally {
      this.isSaving.set(false);
    }
  }
}
