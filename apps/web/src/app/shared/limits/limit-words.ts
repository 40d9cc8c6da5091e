import type { AgentCommandGroup, AgentLimits, AgentLimitsInRoom } from '@clawtank/contracts';

/** What an agent may be permitted, in words. */
export const GROUP_WORDS: Readonly<Record<AgentCommandGroup, string>> = {
  talk: 'Talk: messages, reactions, files',
  take_tasks: 'Take tasks',
  push: 'Push branches',
  submit_work: 'Hand in work',
  open_pull_requests: 'Open pull requests',
  ask_approval: 'Ask for leave',
};

/** The limits that are counted. */
export const COUNTED = [
  { name: 'messagesPerHour', words: 'Messages an hour' },
  { name: 'mentionsPerHour', words: 'Mentions an hour that may become tasks' },
  { name: 'tasksPerHour', words: 'Tasks taken an hour' },
  { name: 'parallelTasks', words: 'Tasks held at once' },
] as const;
export type CountedLimit = (typeof COUNTED)[number]['name'];

/** Nothing is limited. */
export const NO_LIMITS: AgentLimits = {
  commands: null,
  paths: null,
  messagesPerHour: null,
  mentionsPerHour: null,
  tasksPerHour: null,
  parallelTasks: null,
};

export interface Meter {
  readonly words: string;
  readonly used: number;
  /** Null if there is no limit. */
  readonly limit: number | null;
}

/** What was used of each limit, in the last hour or right now. */
export function metersOf({ used, effective }: Pick<AgentLimitsInRoom, 'used' | 'effective'>): Meter[] {
  return [
    { words: 'Messages, last hour', used: used.messages, limit: effective.messagesPerHour },
    { words: 'Mentions, last hour', used: used.mentions, limit: effective.mentionsPerHour },
    { words: 'Tasks taken, last hour', used: used.tasks, limit: effective.tasksPerHour },
    { words: 'Tasks held now', used: used.heldTasks, limit: effective.parallelTasks },
  ];
}

/** Whether two limits hold to the same, however they were written down. */
export const isSameLimits = (one: AgentLimits, other: AgentLimits): boolean =>
  (Object.keys(NO_LIMITS) as (keyof AgentLimits)[]).every(
    (name) => JSON.stringify(one[name]) === JSON.stringify(other[name]),
  );
