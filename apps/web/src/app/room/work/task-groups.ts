import type { Task } from '@clawtank/contracts';
import type { Tone } from '../../shared/badge';

const STATES: Record<Task['state'], { readonly words: string; readonly tone: Tone; readonly group: number }> = {
  open: { words: 'Open', tone: 'neutral', group: 0 },
  claimed: { words: 'Claimed', tone: 'teal', group: 1 },
  in_progress: { words: 'In progress', tone: 'teal', group: 1 },
  changes_requested: { words: 'Changes requested', tone: 'coral', group: 1 },
  in_review: { words: 'In review', tone: 'violet', group: 2 },
  approved: { words: 'Approved', tone: 'violet', group: 2 },
  done: { words: 'Done', tone: 'good', group: 3 },
  cancelled: { words: 'Called off', tone: 'neutral', group: 3 },
  failed: { words: 'Failed', tone: 'danger', group: 3 },
};

const HEADINGS = ['Waiting for somebody', 'At work', 'In review', 'Finished'] as const;

export interface TaskGroup {
  readonly heading: (typeof HEADINGS)[number];
  readonly tasks: readonly Task[];
}

/** How a task's state is told. */
export function taskState(state: Task['state']): { readonly words: string; readonly tone: Tone } {
  return STATES[state];
}

/** Tasks by how far they are, what is at work first; each group newest first; none that is empty. */
export function groupsOf(tasks: readonly Task[]): TaskGroup[] {
  return [1, 2, 0, 3].flatMap((group) => {
    const heading = HEADINGS[group];
    const found = tasks.filter(({ state }) => STATES[state].group === group).sort((a, b) => b.number - a.number);
    return heading && found.length > 0 ? [{ heading, tasks: found }] : [];
  });
}
