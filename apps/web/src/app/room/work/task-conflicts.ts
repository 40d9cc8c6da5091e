import type { ConflictKind, RoomState, TaskConflict } from '@clawtank/contracts';

/** A conflict as one of its two tasks has it. */
export interface SeenConflict {
  readonly other: { readonly taskId: string; readonly number: number; readonly title: string };
  readonly kind: ConflictKind;
  readonly paths: readonly string[];
  readonly total: number;
}

/** What is in the way of a task: what is certain first. */
export function conflictsOf(taskId: string, state: Pick<RoomState, 'conflicts' | 'tasks'> | null): SeenConflict[] {
  const own = (state?.conflicts ?? []).flatMap((conflict) => seenFrom(taskId, conflict));
  return own
    .map(({ other, ...rest }) => ({
      ...rest,
      other: { ...other, title: state?.tasks.find(({ id }) => id === other.taskId)?.title ?? '' },
    }))
    .sort((a, b) => RANK[a.kind] - RANK[b.kind] || a.other.number - b.other.number);
}

const RANK: { readonly [Kind in ConflictKind]: number } = { unmergeable: 0, touched: 1, claimed: 2 };

/** To go on with the number of the other task. */
export const CONFLICT_WORDS: { readonly [Kind in ConflictKind]: string } = {
  unmergeable: 'does not merge with',
  touched: 'changes the same files as',
  claimed: 'may touch the same files as',
};

function seenFrom(taskId: string, { tasks: [one, other], kind, paths, total }: TaskConflict) {
  if (one.taskId !== taskId && other.taskId !== taskId) {
    return [];
  }
  return [{ other: one.taskId === taskId ? other : one, kind, paths, total }];
}
