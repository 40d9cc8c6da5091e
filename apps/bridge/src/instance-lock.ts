import { readFileSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, isAlive, type KnownProcess } from './process-group.js';

const ATTEMPT_EVERY_MS = 200;

/** Another bridge works for the same agent on this machine. */
export class AlreadyRunning extends Error {}

/** Makes sure that one bridge at a time works for an agent on this machine; waits a while for one that is about to end. */
export async function lockInstance(path: string, patienceMs: number): Promise<() => Promise<void>> {
  await mkdir(dirname(path), { recursive: true });
  for (const deadline = performance.now() + patienceMs; ; await delay(ATTEMPT_EVERY_MS)) {
    if (await take(path)) {
      return () => rm(path, { force: true });
    }
    const holder = holderOf(path);
    if (!holder || !isAlive(holder)) {
      await rm(path, { force: true });
    } else if (performance.now() > deadline) {
      throw new AlreadyRunning(
        `Another clawtank-bridge (process ${holder.pid}) works for this agent already. Stop it first: an agent has one place at a time`,
      );
    }
  }
}

async function take(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(JSON.stringify(identify(process.pid)));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  }
}

function holderOf(path: string): KnownProcess | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as KnownProcess | null;
  } catch {
    return null;
  }
}
