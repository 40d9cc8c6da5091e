import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AlreadyRunning, lockInstance } from './instance-lock.js';
import { identify } from './process-group.js';

jest.setTimeout(30_000); // processes start slowly on a busy machine

describe('the lock of an agent', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawtank-lock-'));
    path = join(folder, 'agent', 'lock');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps a second bridge out while the first one lives, and says which process that is', async () => {
    await lockInstance(path, 0);
    const second = lockInstance(path, 300);
    await expect(second).rejects.toBeInstanceOf(AlreadyRunning);
    await expect(second).rejects.toThrow(`process ${process.pid}`);
  });

  it('lets a second one in as soon as the first one has ended in good order', async () => {
    const unlock = await lockInstance(path, 0);
    const second = lockInstance(path, 5000);
    await unlock();
    await expect(second).resolves.toBeDefined();
  });

  it('is no obstacle when its holder was killed, or left nothing that can be read', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const holder = JSON.stringify(identify(child.pid ?? 0));
    child.kill('SIGKILL');
    await once(child, 'close');

    for (const left of [holder, '']) {
      const unlock = await lockInstance(path, 0);
      await unlock();
      writeFileSync(path, left);
      await (
        await lockInstance(path, 2000)
      )();
    }
  });
});
