import type { Recording } from './recording.js';

export const GROUPS = ['connecting', 'rooms', 'inbox', 'tasks', 'evidence', 'safety', 'approvals', 'ending'] as const;
export type Group = (typeof GROUPS)[number];

/** `must`: an agent that does otherwise does harm or loses work. `should`: it is a worse companion than it could be. */
export type Level = 'must' | 'should';

/** `not shown` is what could not be judged. It never counts as passed. */
export type Verdict =
  | { readonly outcome: 'passed' }
  | { readonly outcome: 'failed'; readonly why: string }
  | { readonly outcome: 'not shown'; readonly why: string };

/** One promise of the protocol, and how it is seen whether an agent keeps it. */
export interface Check {
  /** `group.what-is-promised`; never changes. */
  readonly id: `${Group}.${string}`;
  readonly level: Level;
  /** One sentence. */
  readonly promise: string;
  /** Where it is written. */
  readonly source: string;
  judge(recording: Recording): Verdict;
}

export const groupOf = ({ id }: Check): Group => id.slice(0, id.indexOf('.')) as Group;

export const passed: Verdict = { outcome: 'passed' };
export const failed = (why: string): Verdict => ({ outcome: 'failed', why });
export const notShown = (why: string): Verdict => ({ outcome: 'not shown', why });

/** Passed if no complaint was found. */
export const unless = (complaint: string | null | undefined | false): Verdict =>
  complaint ? failed(complaint) : passed;

/** The first complaint that is found among these, if any. */
export function firstComplaint<Item>(
  items: readonly Item[],
  complaint: (item: Item) => string | null | undefined | false,
): string | null {
  for (const item of items) {
    const found = complaint(item);
    if (found) {
      return found;
    }
  }
  return null;
}
