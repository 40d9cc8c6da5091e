import { ACTIVITY_KINDS, type ActivityKind } from '@clawtank/contracts';

/** The parts of the room's work, as the address names them. */
export const WORK_TABS = ['tasks', 'pulls', 'activity', 'members'] as const;
export type WorkTab = (typeof WORK_TABS)[number];

/** The query of a room's address, as far as it concerns the work. */
export interface WorkQuery {
  readonly work?: string | undefined;
  readonly task?: string | undefined;
  readonly pull?: string | undefined;
  readonly agent?: string | undefined;
  readonly at?: string | undefined;
  readonly kind?: string | undefined;
  readonly by?: string | undefined;
}

/** What the address shows beside the conversation. `tab` is null if it shows nothing, where there is no room for both. */
export interface WorkPlace {
  readonly tab: WorkTab | null;
  readonly task: number | null;
  readonly pull: number | null;
  /** The agent that is watched at its work. */
  readonly agent: string | null;
  /** The entry of the activity that a link leads to. */
  readonly at: number | null;
  /** What the activity is filtered by; null for everything, or everybody. */
  readonly kind: ActivityKind | null;
  readonly by: string | null;
}

/** Understands the address's query: a task, pull request or agent implies its tab; nonsense is nothing. */
export function workPlace({ work, task, pull, agent, at, kind, by }: WorkQuery): WorkPlace {
  const taskNumber = numberIn(task);
  const pullNumber = taskNumber === null ? numberIn(pull) : null;
  const named = WORK_TABS.find((tab) => tab === work) ?? null;
  const watched = agent !== undefined && UUID.test(agent) && (named ?? 'members') === 'members' ? agent : null;
  const numbered = taskNumber === null ? (pullNumber === null ? null : 'pulls') : 'tasks';
  const tab = numbered ?? (watched === null ? named : 'members');
  const isActivity = tab === 'activity';
  return {
    tab,
    task: taskNumber,
    pull: pullNumber,
    agent: tab === 'members' ? watched : null,
    at: isActivity ? numberIn(at) : null,
    kind: (isActivity && ACTIVITY_KINDS.find((one) => one === kind)) || null,
    by: isActivity && by !== undefined && UUID.test(by) ? by : null,
  };
}

const NOWHERE = {
  work: null,
  task: null,
  pull: null,
  agent: null,
  at: null,
  kind: null,
  by: null,
  settings: null,
  action: null,
};
type Query = { readonly [Name in keyof typeof NOWHERE]: string | number | null };

/** The query that leads to a place, leaving wherever the reader was; merge it with the address's own. */
export function queryOf(place: Partial<Query>): Query {
  return { ...NOWHERE, ...place };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const numberIn = (text: string | undefined): number | null =>
  text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
