import { Component, computed, inject, input, signal } from '@angular/core';
import { FINISHED_TASK_STATES, type Task } from '@clawtank/contracts';
import { newCommandId } from '../../core/connection/new-command-id';
import { toApiProblem } from '../../core/problem/api-problem';
import { Toasts } from '../../shared/toast/toasts';
import { RoomStore } from '../state/room-store';
import { WordChips } from './word-chips';

/** What the words of a task that stands already suggest, for whoever may change it. Told from when the task was made. */
@Component({
  selector: 'ct-task-words',
  imports: [WordChips],
  template: `
    @if (isOpenToChange()) {
      <ct-word-chips
        [text]="words()"
        [saidAt]="task().createdAt"
        [deadline]="task().deadline"
        [priority]="task().priority"
        (deadlineChange)="change({ deadline: $event })"
        (priorityChange)="change({ priority: $event })"
      />
    }
  `,
  styles: `
    :host {
      display: contents;
    }
  `,
})
export class TaskWords {
  private readonly store = inject(RoomStore);
  private readonly toasts = inject(Toasts);

  readonly task = input.required<Task>();

  /** Whoever has chosen here can take it back here; what was settled before needs no suggestion. */
  private readonly hasChosen = signal(false);
  protected readonly isOpenToChange = computed(() => {
    const { state, deadline, priority } = this.task();
    const isSettled = deadline !== null && priority !== 'medium';
    return this.store.can('create_task') && !FINISHED_TASK_STATES.includes(state) && (!isSettled || this.hasChosen());
  });
  protected readonly words = computed(() => {
    const { title, description } = this.task();
    return description.startsWith(title) ? description : `${title}\n${description}`;
  });

  protected async change(change: Partial<Pick<Task, 'deadline' | 'priority'>>): Promise<void> {
    this.hasChosen.set(true);
    const { id: taskId, roomId, number } = this.task();
    try {
      await this.store.ask('update_task', { roomId, taskId, ...change, commandId: newCommandId() });
    } catch (thrown) {
      this.toasts.failed(`Task ${number} stays as it was. ${toApiProblem(thrown).detail}`);
    }
  }
}
