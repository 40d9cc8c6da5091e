import { setTimeout as delay } from 'node:timers/promises';
import type { TaskSession } from './agent.js';
import { GitFailed } from './git.js';

/** After each interruption, before the next attempt. Longer than a server takes to start again, with what the first attempts took. */
const PAUSES_MS = [1000, 2000, 4000, 8000];

/**
 * Runs `push` right after the server said that the task is still the agent's, and again when it is interrupted on its way: what is done
 * already is not lost because a server restarts. Rejects with what kept it from that, or because the task is the agent's no more.
 */
export async function pushUnderLease(
  session: Pick<TaskSession, 'confirm' | 'signal'>,
  push: () => Promise<void>,
  pausesMs: readonly number[] = PAUSES_MS,
): Promise<void> {
  for (const pause of [...pausesMs, null]) {
    await session.confirm();
    try {
      return await push();
    } catch (error) {
      if (pause === null || !(error instanceof GitFailed && error.failure === 'interrupted')) {
        throw error;
      }
      const { signal } = session;
      await delay(pause, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}
