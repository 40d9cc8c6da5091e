import type { Actor } from '@clawtank/contracts';

/** A branch that moved, as far as it says whose work it is. */
export interface PushedWork {
  readonly pusher: Actor;
  /** The tasks that its new commits name, newest first. */
  readonly namedTaskIds: readonly string[];
}

export interface HeldTask {
  readonly id: string;
  readonly holderId: string;
}

/**
 * The task that a branch is the work of: the one that its commits name, or else the only one that the agent which pushed it holds.
 * An agent speaks for what it holds itself; of who pushes at another provider, nobody knows that they are not the agent.
 */
export function taskOfPush({ pusher, namedTaskIds }: PushedWork, held: readonly HeldTask[]): string | null {
  const theirs = pusher.type === 'agent' ? held.filter(({ holderId }) => holderId === pusher.id) : held;
  const named = namedTaskIds.find((id) => theirs.some((task) => task.id === id));
  if (named !== undefined) {
    return named;
  }
  return pusher.type === 'agent' && theirs.length === 1 ? (theirs[0]?.id ?? null) : null;
}
