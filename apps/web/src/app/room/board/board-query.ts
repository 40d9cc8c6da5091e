import type { Task } from '@clawtank/contracts';
import { COLUMNS, type ColumnId } from './board-lanes';

/** What the board's address says. */
export interface BoardAddress {
  readonly who?: string | undefined;
  readonly priority?: string | undefined;
  readonly text?: string | undefined;
  readonly column?: string | undefined;
}

export interface BoardQuery {
  /** A person or an agent; null for everybody. */
  readonly who: string | null;
  readonly priority: Task['priority'] | null;
  readonly text: string;
  /** The column that is shown where there is room for one. */
  readonly column: ColumnId;
}

/** Understands the board's address; nonsense counts as left out. */
export function boardQuery({ who, priority, text, column }: BoardAddress): BoardQuery {
  return {
    who: who || null,
    priority: (['high', 'medium', 'low'] as const).find((one) => one === priority) ?? null,
    text: text?.trim() ?? '',
    column: COLUMNS.find((one) => one === column) ?? 'open',
  };
}

/** Those that concern somebody (asked by, meant for, or held by them), are this urgent, and have the words in them. */
export function narrowed(tasks: readonly Task[], { who, priority, text }: BoardQuery): Task[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return tasks.filter((task) => {
    const said = `#${task.number} ${task.title} ${task.description}`.toLowerCase();
    const people = [task.createdBy, task.assignedTo, task.lease?.holder];
    return (
      (who === null || people.some((one) => one?.id === who)) &&
      (priority === null || task.priority === priority) &&
      words.every((word) => said.includes(word))
    );
  });
}
