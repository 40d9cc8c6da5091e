import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openClawSession } from './openclaw-session.js';

describe('a session of OpenClaw’s gateway', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clawtank-openclaw-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const whenItRuns = (script: string) => {
    writeFileSync(join(folder, 'openclaw'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return openClawSession('/worktrees/7-1', { PATH: `${folder}${delimiter}${process.env.PATH}` });
  };

  it('is made for the worktree, and named to the agent', async () => {
    const args = await whenItRuns(
      `case "$5" in '{"cwd":"/worktrees/7-1","label":"/worktrees/7-1 '*) echo '{ "ok": true, "key": "agent:main:1" }';; esac`,
    );
    expect(args).toEqual(['--session', 'agent:main:1']);
  });

  it('has another label each time, because the gateway takes none twice', async () => {
    const labels = join(folder, 'labels');
    const whenLabelsAreKept = () => whenItRuns(`echo "$5" >> ${labels}; echo '{ "key": "agent:main:1" }'`);
    await whenLabelsAreKept();
    await whenLabelsAreKept();
    expect(new Set(readFileSync(labels, 'utf8').trim().split('\n')).size).toBe(2);
  });

  it.each(['exit 1', 'echo {}'])('that cannot be made keeps the agent from working elsewhere: %s', async (script) => {
    await expect(whenItRuns(script)).rejects.toThrow('OpenClaw’s gateway made no session for the worktree');
  });
});
