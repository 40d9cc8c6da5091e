import type { Actor, Task } from '@clawtank/contracts';

export const COLUMNS = ['open', 'working', 'review', 'changes', 'approved', 'done'] as const;
export type ColumnId = (typeof COLUMNS)[number];

export const COLUMN_NAMES: Record<ColumnId, string> = {
  open: 'Open',
  working: 'Working',
  review: 'In review',
  changes: 'Changes asked',
  approved: 'Approved',
  done: 'Done',
};

const COLUMN_OF: Record<Task['state'], ColumnId> = {
  open: 'open',
  claimed: 'working',
  in_progress: 'working',
  in_review: 'review',
  changes_requested: 'changes',
  approved: 'approved',
  done: 'done',
  cancelled: 'done',
  failed: 'done',
};

type Agent = Pick<Actor, 'id' | 'name'>;

/** Where a card can be put. What is open lies in the row of the agent it is meant for, or in that of whoever claims it. */
export type Place =
  | { readonly column: 'open'; readonly agent: Agent | null }
  | { readonly column: Exclude<ColumnId, 'open'> }
  /** Where cards go that are called off; they come to lie among what is done. */
  | { readonly column: 'cancelled' };

/** Cards that lie together. */
export interface Lane {
  readonly key: string;
  readonly place: Place;
  /** Empty where a column is one lane. */
  readonly heading: string;
  readonly tasks: readonly Task[];
}

export interface Column {
  readonly id: ColumnId;
  readonly name: string;
  readonly count: number;
  readonly lanes: readonly Lane[];
}

export const columnOf = ({ state }: Pick<Task, 'state'>): ColumnId => COLUMN_OF[state];

export const isSamePlace = (a: Place, b: Place): boolean => keyOf(a) === keyOf(b);

export function placeOf(task: Pick<Task, 'state' | 'assignedTo'>): Place {
  const column = columnOf(task);
  return column === 'open' ? { column, agent: task.assignedTo } : { column };
}

export function nameOf(place: Place): string {
  switch (place.column) {
    case 'open':
      return place.agent ? `Open, for ${place.agent.name}` : 'Open, for whoever claims it';
    case 'cancelled':
      return 'Call off';
    default:
      return COLUMN_NAMES[place.column];
  }
}

/** The columns of a room's work. Each of `agents` has a row among what is open, whether or not something lies there. */
export function columnsOf(tasks: readonly Task[], agents: readonly Agent[]): Column[] {
  return COLUMNS.map((id) => {
    const within = tasks.filter((task) => columnOf(task) === id).sort(id === 'done' ? newestFirst : mostUrgentFirst);
    const lanes = id === 'open' ? openLanes(within, agents) : [laneOf({ column: id }, '', within)];
    return { id, name: COLUMN_NAMES[id], count: within.length, lanes };
  });
}

function openLanes(tasks: readonly Task[], agents: readonly Agent[]): Lane[] {
  const meant = tasks.flatMap(({ assignedTo }) => assignedTo ?? []);
  const rows = new Map([...agents, ...meant].map((agent) => [agent.id, agent]));
  return [
    laneOf(
      { column: 'open', agent: null },
      'Whoever claims it',
      tasks.filter(({ assignedTo }) => !assignedTo),
    ),
    ...[...rows.values()].map((agent) =>
      laneOf(
        { column: 'open', agent },
        agent.name,
        tasks.filter(({ assignedTo }) => assignedTo?.id === agent.id),
      ),
    ),
  ];
}

const laneOf = (place: Place, heading: string, tasks: readonly Task[]): Lane => ({
  ...{ place, heading, tasks },
  key: keyOf(place),
});

const keyOf = (place: Place): string => (place.column === 'open' ? `open ${place.agent?.id ?? ''}` : place.column);

const URGENCY: Record<Task['priority'], number> = { high: 0, medium: 1, low: 2 };

function mostUrgentFirst(a: Task, b: Task): number {
  return (
    URGENCY[a.priority] - URGENCY[b.priority] ||
    (a.deadline ?? '9').localeCompare(b.deadline ?? '9') ||
    a.number - b.number
  );
}

const newestFirst = (a: Task, b: Task): number => b.updatedAt.localeCompare(a.updatedAt) || b.number - a.number;
