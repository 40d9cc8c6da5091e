import { Component, computed, inject, input, output, signal, viewChild } from '@angular/core';
import type { DirectMessage } from '@clawtank/contracts';
import { toApiProblem } from '../core/problem/api-problem';
import { SpeechText } from '../room/markdown/speech-text';
import { TextEditor } from '../room/message/text-editor';
import { Avatar } from '../shared/avatar/avatar';
import { Confirm } from '../shared/confirm/confirm';
import { RelativeTime } from '../shared/relative-time';
import { Toasts } from '../shared/toast/toasts';
import { DirectStore } from './direct-store';
import { DirectTools } from './direct-tools';

const CALLS_NOBODY = { names: [], here: false };

/** One message between two, and what its author may do with it. */
@Component({
  selector: 'ct-direct-line',
  imports: [Avatar, DirectTools, RelativeTime, SpeechText, TextEditor],
  host: { '[class.starts]': 'starts()' },
  template: `
    <article [attr.aria-label]="message().author.name">
      @if (starts()) {
        <ct-avatar [name]="message().author.name" [kind]="kind()" [size]="36" decorative />
        <header>
          <strong [class.agent]="kind() === 'agent'">{{ message().author.name }}</strong>
          <ct-time [at]="message().timestamp" />
        </header>
      } @else {
        <span class="visually-hidden">{{ message().author.name }}</span>
      }
      @if (message().deletedAt) {
        <p class="gone">This message was deleted.</p>
      } @else if (isEditing()) {
        <ct-text-editor [message]="message()" [keep]="keep" (closes)="stopEditing()" />
      } @else {
        <div class="said">
          <ct-speech-text [text]="message().message" [called]="nobody" />
          @if (message().editedAt) {
            <small class="faint">edited</small>
          }
        </div>
      }
      @if (isOwn() && !message().deletedAt && !isEditing()) {
        <ct-direct-tools (edits)="edit()" (deletes)="delete()" />
      }
    </article>
  `,
  styleUrls: ['../room/message/byline.css', './direct-line.css'],
})
export class DirectLine {
  private readonly confirm = inject(Confirm);
  private readonly store = inject(DirectStore);
  private readonly toasts = inject(Toasts);
  private readonly tools = viewChild(DirectTools);

  readonly message = input.required<DirectMessage>();
  /** Whether it begins what one person says in a row. */
  readonly starts = input(true);
  readonly edited = output();

  protected readonly nobody = CALLS_NOBODY;
  protected readonly isEditing = signal(false);
  protected readonly kind = computed(() => (this.message().author.type === 'agent' ? 'agent' : 'human'));
  protected readonly isOwn = computed(() => this.message().userId === this.store.readerId());

  protected readonly keep = (text: string): Promise<void> => this.store.edit(this.message(), text);

  edit(): void {
    this.isEditing.set(true);
  }

  protected stopEditing(): void {
    this.isEditing.set(false);
    this.edited.emit();
  }

  protected async delete(): Promise<void> {
    const isSure = await this.confirm.ask({
      heading: 'Delete this message?',
      text: 'It is gone for both of you, for good.',
      deed: 'Delete the message',
      isDangerous: true,
    });
    if (isSure) {
      await this.store
        .delete(this.message())
        .catch((thrown: unknown) => this.toasts.failed(`The message is still there. ${toApiProblem(thrown).detail}`));
    } else {
      this.tools()?.focus();
    }
  }
}
