import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, jest } from '@jest/globals';
import { identify, isAlive, killStaleGroup } from './process-group.js';

jest.setTimeout(30_000); // processes start slowly on a busy machine

const sleeper = async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
  await once(child, 'spawn');
  return child;
};

describe('a process that was written down', () => {
  it('is known again, and ended with its group', async () => {
    const child = await sleeper();
    const known = identify(child.pid ?? 0);
    expect(known && isAlive(known)).toBe(true);

    expect(known && killStaleGroup(known)).toBe(true);
    await once(child, 'close');
    expect(child.signalCode).toBe('SIGKILL');
    expect(known && isAlive(known)).toBe(false);
  });

  it('is not taken for another one that has its number now', async () => {
    const child = await sleeper();
    expect(killStaleGroup({ pid: child.pid ?? 0, startedAt: 'another day' })).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'close');
  });

  it('that is gone has no identity', () => {
    expect(identify(2 ** 22 + 1)).toBeNull();
  });
});
