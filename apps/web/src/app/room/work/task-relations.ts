import type { Task } from '@clawtank/contracts';

/** How a task hangs together with the others that the room has at hand. */
export interface TaskRelations {
  readonly parent: readonly Task[];
  readonly parts: readonly Task[];
  readonly waitsFor: readonly Task[];
  readonly waitedForBy: readonly Task[];
}

export function relationsOf({ id, parentId, dependsOn }: Task, tasks: readonly Task[]): TaskRelations {
  return {
    parent: tasks.filter((other) => other.id === parentId),
    parts: tasks.filter((other) => other.parentId === id),
    waitsFor: tasks.filter((other) => dependsOn.includes(other.id)),
    waitedForBy: tasks.filter((other) => other.dependsOn.includes(id)),
  };
}
