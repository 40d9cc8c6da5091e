import { CdkTextareaAutosize } from '@angular/cdk/text-field';
import {
  Component,
  ElementRef,
  afterNextRender,
  computed,
  inject,
  input,
  linkedSignal,
  output,
  signal,
  viewChild,
} from '@angular/core';
import { type ChatMessage, MAX_MESSAGE_LENGTH } from '@clawtank/contracts';
import { newCommandId } from '../../core/connection/new-command-id';
import { toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { Keys } from '../../shared/keys';
import { MessageActions } from '../state/message-actions';

/** Changes a message where it stands. Enter keeps the change, Escape lets go of it. */
@Component({
  selector: 'ct-message-editor',
  imports: [Button, CdkTextareaAutosize, Keys],
  template: `
    <form (submit)="$event.preventDefault(); save()">
      <textarea
        rows="1"
        cdkTextareaAutosize
        cdkAutosizeMaxRows="12"
        aria-label="Edit the message"
        [attr.aria-invalid]="left() < 0 || problem() !== '' || null"
        [value]="text()"
        (input)="text.set(box.value)"
        (keydown)="keyPressed($event)"
        #box
      ></textarea>
      @if (problem(); as problem) {
        <p class="problem" role="alert">{{ problem }}</p>
      } @else if (left() < 0) {
        <p class="problem" role="alert">{{ -left() }} characters too many</p>
      }
      <div class="buttons">
        <span class="hint"><ct-keys shortcut="Enter" /> keeps it, <ct-keys shortcut="Esc" /> lets go</span>
        <button type="button" ctButton="quiet" size="small" (click)="closes.emit()">Cancel</button>
        <button ctButton="primary" size="small" [pending]="isSaving()" [disabled]="!canSave()">Save</button>
      </div>
    </form>
  `,
  styleUrl: './message-editor.css',
})
export class MessageEditor {
  private readonly actions = inject(MessageActions);
  private readonly box = viewChild.required<ElementRef<HTMLTextAreaElement>>('box');
  private commandId = newCommandId();

  readonly message = input.required<ChatMessage>();
  readonly closes = output();

  protected readonly text = linkedSignal({
    source: () => this.message().id,
    computation: (): string => this.message().message,
  });
  protected readonly isSaving = signal(false);
  protected readonly problem = signal('');
  protected readonly left = computed(() => MAX_MESSAGE_LENGTH - [...this.text()].length);
  protected readonly canSave = computed(() => this.text().trim() !== '' && this.left() >= 0);

  constructor() {
    afterNextRender(() => {
      const box = this.box().nativeElement;
      box.focus();
      box.setSelectionRange(box.value.length, box.value.length);
    });
  }

  protected keyPressed(event: KeyboardEvent): void {
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
    this.problem.set('');
    try {
      await this.actions.edit(this.message(), text, this.commandId);
      this.closes.emit();
    } catch (thrown) {
      const { code, detail } = toApiProblem(thrown);
      this.problem.set(`Not changed. ${detail}`);
      if (code !== 'offline') {
        this.commandId = newCommandId();
      }
    } finally {
      this.isSaving.set(false);
    }
  }
}
