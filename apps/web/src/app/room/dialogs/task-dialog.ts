import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { Component, computed, inject, signal } from '@angular/core';
import { type FieldTree, FormField, FormRoot, form, required, validate } from '@angular/forms/signals';
import { CreateTask, FINISHED_TASK_STATES, PathPatterns, type Task } from '@clawtank/contracts';
import { newCommandId } from '../../core/connection/new-command-id';
import { Button } from '../../shared/button';
import { FormProblem } from '../../shared/form/form-problem';
import { matches } from '../../shared/form/matches';
import { submission } from '../../shared/form/submission';
import { TextField } from '../../shared/form/text-field';
import { WordChips } from '../plain-words/word-chips';
import { RoomStore } from '../state/room-store';
import { TasksField } from './tasks-field';
import {
  type TaskDraft,
  changesOf,
  draftOf,
  instantOf,
  linesOf,
  localMinute,
  problemOf,
  requestOf,
} from './task-draft';

/** Asks for work without the chat, or changes what was asked. */
@Component({
  selector: 'ct-task-dialog',
  imports: [Button, FormField, FormProblem, FormRoot, TasksField, TextField, WordChips],
  template: `
    <h2 id="task-dialog-heading">{{ task ? 'Change task ' + task.number : 'New task' }}</h2>
    <form [formRoot]="draft">
      <ct-form-problem [form]="draft" />
      @if (isHeld) {
        <p class="note">
          {{ task?.lease?.holder?.name }} is working on it: what it says and who does it stay as they are.
        </p>
      } @else {
        <ct-text-field
          [field]="draft.description"
          label="What should be done?"
          [hint]="task ? '' : 'As you would say it to a colleague. The last messages of the chat go with it.'"
          multiline
        />
        <ct-text-field
          [field]="draft.title"
          label="Short title"
          [hint]="task ? '' : 'Otherwise the first line.'"
          optional
        />
        <label class="select">
          <span class="label">Who should do it?</span>
          <select [formField]="draft.agentId" [attr.aria-describedby]="describedBy('agentId')">
            <option value="">Whoever claims it</option>
            @for (agent of agents(); track agent.id) {
              <option [value]="agent.id">
                {{ agent.name }}{{ agent.presence === 'offline' ? ', not connected' : '' }}
              </option>
            }
          </select>
        </label>
        @if (errorOf(draft.agentId); as error) {
          <p class="problem" id="task-agentId-problem">Who should do it: {{ error }}</p>
        }
      }
      <div class="pair">
        <label class="select">
          <span class="label">Priority</span>
          <select [formField]="draft.priority">
            <option value="low">Low</option>
            <option value="medium">Medium</option>
            <option value="high">High</option>
          </select>
        </label>
        <label class="select">
          <span class="label">Deadline</span>
          <input type="datetime-local" [formField]="draft.deadline" [attr.aria-describedby]="describedBy('deadline')" />
        </label>
      </div>
      <ct-word-chips
        [text]="words()"
        [saidAt]="task?.createdAt ?? null"
        [deadline]="deadline()"
        [priority]="draft.priority().value()"
        (deadlineChange)="meetBy($event)"
        (priorityChange)="draft.priority().value.set($event)"
      />
      @if (errorOf(draft.deadline); as error) {
        <p class="problem" id="task-deadline-problem">Deadline: {{ error }}</p>
      }
      @if (others().length > 0) {
        <label class="select">
          <span class="label">Part of</span>
          <select [formField]="draft.parentId" [attr.aria-describedby]="describedBy('parentId')">
            <option value="">No other task</option>
            @for (other of others(); track other.id) {
              <option [value]="other.id">{{ other.number }}: {{ other.title }}</option>
            }
          </select>
        </label>
      }
      @if (errorOf(draft.parentId); as error) {
        <p class="problem" id="task-parentId-problem">Part of: {{ error }}</p>
      }
      <ct-text-field
        [field]="draft.paths"
        label="Files it will touch"
        hint="One to a line, such as src/app or docs/*.md. Nobody is stopped; whoever works on the same is told."
        multiline
        optional
      />
      <ct-tasks-field [field]="draft.dependsOn" label="Waits for" [tasks]="others()" />
      <div class="buttons">
        <button type="button" ctButton (click)="dialog.close()">{{ task ? 'Leave it' : 'Not now' }}</button>
        <button ctButton="primary" [pending]="draft().submitting()">{{ task ? 'Save' : 'Ask for it' }}</button>
      </div>
    </form>
  `,
  styleUrls: ['../../shared/form/fields.css', './dialog.css'],
  styles: `
    .pair {
      display: flex;
      flex-wrap: wrap;
      gap: var(--space-4);
    }

    input[type='datetime-local'] {
      max-width: 100%;
      min-height: calc(var(--control) + 0.25rem);
      padding: 0 var(--space-3);
      border: 1px solid var(--control-line);
      border-radius: var(--radius-m);
      background: var(--surface);
    }

    .label {
      display: block;
    }
  `,
})
export class TaskDialog {
  private readonly store = inject(RoomStore);
  protected readonly dialog = inject(DialogRef);
  /** What is changed; null for a new one. */
  protected readonly task = inject<Task | null>(DIALOG_DATA);
  /** Kept through repeats: a task whose answer got lost is not made twice. */
  private commandId = newCommandId();
  private lastRequest = '';

  protected readonly isHeld = this.task?.lease != null;
  protected readonly agents = computed(() => this.store.seats().filter(({ type }) => type === 'agent'));
  /** What it can be a part of or wait for: the unfinished, and what it is tied to already. */
  protected readonly others = computed(() => {
    const tied = [this.task?.parentId, ...(this.task?.dependsOn ?? [])];
    const tasks = this.store.state()?.tasks ?? [];
    return tasks.filter(
      ({ id, state }) => id !== this.task?.id && (!FINISHED_TASK_STATES.includes(state) || tied.includes(id)),
    );
  });
  private readonly before = draftOf(
    this.task,
    this.store.state()?.paths.find(({ taskId }) => taskId === this.task?.id)?.claim?.paths,
  );
  protected readonly draft = form(
    signal<TaskDraft>(this.before),
    (path) => {
      required(path.description, { message: 'Say what should be done' });
      matches(path.description, CreateTask.shape.description);
      matches(path.title, CreateTask.shape.title);
      validate(path.paths, ({ value }) => {
        const result = PathPatterns.safeParse(linesOf(value()));
        return result.success ? null : { kind: 'paths', message: problemOf(result.error, linesOf(value())) };
      });
    },
    { submission: submission((draft: TaskDraft) => (this.task ? this.change(this.task, draft) : this.create(draft))) },
  );

  protected readonly words = computed(() => {
    const { title, description } = this.draft().value();
    return `${description}\n${title}`;
  });
  protected readonly deadline = computed(() => {
    const local = this.draft.deadline().value();
    return local === '' ? null : instantOf(local);
  });

  protected meetBy(deadline: string | null): void {
    this.draft.deadline().value.set(deadline === null ? '' : localMinute(new Date(deadline)));
  }

  protected errorOf(field: FieldTree<string>): string {
    return field().errors()[0]?.message ?? '';
  }

  protected describedBy(name: 'agentId' | 'deadline' | 'parentId'): string | null {
    return this.errorOf(this.draft[name]) ? `task-${name}-problem` : null;
  }

  private async create(draft: TaskDraft): Promise<void> {
    const request = { roomId: this.store.roomId(), ...requestOf(draft) };
    await this.store.ask('create_task', { ...request, commandId: this.commandIdOf(request) });
    this.dialog.close();
  }

  private async change({ id: taskId, roomId }: Task, draft: TaskDraft): Promise<void> {
    const changes = changesOf(this.before, draft);
    if (Object.keys(changes).length > 0) {
      const request = { roomId, taskId, ...changes };
      await this.store.ask('update_task', { ...request, commandId: this.commandIdOf(request) });
    }
    this.dialog.close();
  }

  private commandIdOf(request: object): string {
    if (this.lastRequest !== JSON.stringify(request)) {
      this.lastRequest = JSON.stringify(request);
      this.commandId = newCommandId();
    }
    return this.commandId;
  }
}
