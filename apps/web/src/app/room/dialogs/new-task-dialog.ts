import { DialogRef } from '@angular/cdk/dialog';
import { Component, computed, inject, signal } from '@angular/core';
import { FormField, FormRoot, form, required } from '@angular/forms/signals';
import { CreateTask, type Task } from '@clawtank/contracts';
import { Button } from '../../shared/button';
import { FormProblem } from '../../shared/form/form-problem';
import { matches } from '../../shared/form/matches';
import { submission } from '../../shared/form/submission';
import { TextField } from '../../shared/form/text-field';
import { newCommandId } from '../../core/connection/new-command-id';
import { RoomStore } from '../state/room-store';

interface Draft {
  readonly description: string;
  readonly title: string;
  /** Empty: whoever claims it. */
  readonly agentId: string;
  readonly priority: Task['priority'];
}

/** Asks for work without the chat. */
@Component({
  selector: 'ct-new-task-dialog',
  imports: [Button, FormField, FormProblem, FormRoot, TextField],
  template: `
    <h2 id="new-task-heading">New task</h2>
    <form [formRoot]="draft">
      <ct-form-problem [form]="draft" />
      <ct-text-field
        [field]="draft.description"
        label="What should be done?"
        hint="As you would say it to a colleague. The last messages of the chat go with it."
        multiline
      />
      <ct-text-field [field]="draft.title" label="Short title" hint="Otherwise the first line." optional />
      <label class="select">
        <span class="label">Who should do it?</span>
        <select [formField]="draft.agentId">
          <option value="">Whoever claims it</option>
          @for (agent of agents(); track agent.id) {
            <option [value]="agent.id">
              {{ agent.name }}{{ agent.presence === 'offline' ? ', not connected' : '' }}
            </option>
          }
        </select>
      </label>
      <label class="select">
        <span class="label">Priority</span>
        <select [formField]="draft.priority">
          <option value="low">Low</option>
          <option value="medium">Medium</option>
          <option value="high">High</option>
        </select>
      </label>
      <div class="buttons">
        <button type="button" ctButton (click)="dialog.close()">Not now</button>
        <button ctButton="primary" [pending]="draft().submitting()">Ask for it</button>
      </div>
    </form>
  `,
  styleUrls: ['../../shared/form/fields.css', './dialog.css'],
})
export class NewTaskDialog {
  private readonly store = inject(RoomStore);
  protected readonly dialog = inject(DialogRef);
  /** Kept through repeats: a task whose answer got lost is not made twice. */
  private commandId = newCommandId();
  private lastRequest = '';

  protected readonly agents = computed(() => this.store.seats().filter(({ type }) => type === 'agent'));
  protected readonly draft = form(
    signal<Draft>({ description: '', title: '', agentId: '', priority: 'medium' }),
    (path) => {
      required(path.description, { message: 'Say what should be done' });
      matches(path.description, CreateTask.shape.description);
      matches(path.title, CreateTask.shape.title);
    },
    { submission: submission((draft: Draft) => this.create(draft)) },
  );

  private async create({ description, title, agentId, priority }: Draft): Promise<void> {
    const request = {
      roomId: this.store.roomId(),
      description,
      priority,
      ...(title.trim() && { title }),
      ...(agentId && { agentId }),
    };
    if (this.lastRequest !== JSON.stringify(request)) {
      this.lastRequest = JSON.stringify(request);
      this.commandId = newCommandId();
    }
    await this.store.ask('create_task', { ...request, commandId: this.commandId });
    this.dialog.close();
  }
}
