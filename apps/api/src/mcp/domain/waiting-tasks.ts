import { ADDRESS_KINDS, type AddressKind, type Task } from '@clawtank/contracts';
import { type Addressee, waitingAs } from '../../rooms/index.js';

/** Why an agent that waits is told of something: because it came, or because it holds the task already. */
export const EVENT_KINDS = [...ADDRESS_KINDS, 'task_held'] as const;
export type TaskKind = AddressKind | 'task_held';

/** The tasks that an agent holds, and those that wait for it, as they stand. */
export const waitingTasks = (agent: Addressee, tasks: readonly Task[]): { kind: TaskKind; task: Task }[] =>
  tasks.flatMap((task) => {
    const kind = task.lease?.holder.id === agent.id ? 'task_held' : waitingAs(agent, task);
    return kind ? { kind, task } : [];
  });
