/** The parts of the room's work, as the address names them. */
export const WORK_TABS = ['tasks', 'pulls', 'activity', 'members'] as const;
export type WorkTab = (typeof WORK_TABS)[number];

/** What the address shows beside the conversation. `tab` is null if it shows nothing, where there is no room for both. */
export interface WorkPlace {
  readonly tab: WorkTab | null;
  readonly task: number | null;
  readonly pull: number | null;
}

/** Understands the address's query: a task or pull request implies its tab; nonsense is nothing. */
export function workPlace(work: string | undefined, task: string | undefined, pull: string | undefined): WorkPlace {
  const taskNumber = numberIn(task);
  const pullNumber = taskNumber === null ? numberIn(pull) : null;
  const named = WORK_TABS.find((tab) => tab === work) ?? null;
  const tab = taskNumber === null ? (pullNumber === null ? named : 'pulls') : 'tasks';
  return { tab, task: taskNumber, pull: pullNumber };
}

const numberIn = (text: string | undefined): number | null =>
  text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
