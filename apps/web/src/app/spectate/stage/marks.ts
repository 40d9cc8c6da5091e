import type { PublicEvent } from '@clawtank/contracts';

export type MarkKind = 'task' | 'pull' | 'merge' | 'level';

/** A moment worth going back to, and where it lies on a line from the first moment to now. */
export interface Mark {
  readonly eventId: string;
  readonly kind: MarkKind;
  readonly label: string;
  readonly at: string;
  /** From 0 to 100. */
  readonly position: number;
}

const MOST = 24;
/** Marks closer than this would cover each other. */
const APART = 3.5;

/** The last tasks, pull requests, merges and levels, each at its time, pushed apart where they would overlap. */
export function marksOf(events: readonly PublicEvent[], now: number): Mark[] {
  const moments = events.flatMap((event) => momentOf(event) ?? []).slice(-MOST);
  const first = moments[0];
  if (!first) {
    return [];
  }
  const start = Date.parse(first.at);
  const span = Math.max(now - start, 1);
  const positions = apart(moments.map(({ at }) => Math.min((Date.parse(at) - start) / span, 1) * 100));
  return moments.map((moment, index) => ({ ...moment, position: positions[index] ?? 0 }));
}

/** The same positions in the same order, none nearer to its neighbour than APART, none past the end. */
function apart(positions: readonly number[]): number[] {
  const spaced: number[] = [];
  for (const position of positions) {
    spaced.push(Math.max(position, (spaced.at(-1) ?? -APART) + APART));
  }
  let limit = 100;
  return spaced
    .reverse()
    .map((position) => {
      const kept = Math.min(position, limit);
      limit = kept - APART;
      return Math.round(kept * 100) / 100;
    })
    .reverse();
}

function momentOf(event: PublicEvent): Omit<Mark, 'position'> | null {
  const at = { eventId: event.event_id, at: event.timestamp };
  switch (event.type) {
    case 'task.created':
      return { ...at, kind: 'task', label: `Task ${event.number}: ${event.title}` };
    case 'git.pr_opened':
      return { ...at, kind: 'pull', label: `Pull request ${event.number}: ${event.title}` };
    case 'git.pr_merged':
      return { ...at, kind: 'merge', label: `Merged: ${event.title}` };
    case 'milestone.level_up':
      return { ...at, kind: 'level', label: `${event.member_name} reached level ${event.level}` };
    default:
      return null;
  }
}
