import { Component, inject, input, output } from '@angular/core';
import type { ChatMessage } from '@clawtank/contracts';
import { newCommandId } from '../../core/connection/new-command-id';
import { toApiProblem } from '../../core/problem/api-problem';
import { MessageActions } from '../state/message-actions';
import { TextEditor } from './text-editor';

/** Changes a message where it stands. Trying again after an interruption changes it once. */
@Component({
  selector: 'ct-message-editor',
  imports: [TextEditor],
  template: `<ct-text-editor [message]="message()" [keep]="keep" (closes)="closes.emit()" />`,
})
export class MessageEditor {
  private readonly actions = inject(MessageActions);
  private commandId = newCommandId();

  readonly message = input.required<ChatMessage>();
  readonly closes = output();

  protected readonly keep = async (text: string): Promise<void> => {
    try {
      await this.actions.edit(this.message(), text, this.commandId);
    } catch (thrown) {
      if (toApiProblem(thrown).code !== 'offline') {
        this.commandId = newCommandId();
      }
      throw thrown;
    }
  };
}
