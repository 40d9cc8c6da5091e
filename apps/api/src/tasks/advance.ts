import { Refusal } from '../platform/errors/refusal.js';
import { stateAfter, type TaskStep } from './domain/task-machine.js';
import type { TaskEntity } from './task.entity.js';

/** Takes a step of the task's life; refused where there is no such step. */
export function advance(task: TaskEntity, step: TaskStep): void {
  const next = stateAfter(task.state, step);
  if (!next) {
    throw new Refusal('task_not_open', `Task ${task.number} is ${task.state.replaceAll('_', ' ')}`);
  }
  task.state = next;
}
