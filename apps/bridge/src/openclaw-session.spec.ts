import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
      `[ "$5" = '{"cwd":"/worktrees/7-1","label":"/worktrees/7-1"}' ] && echo '{ "ok": true, "key": "agent:main:1" }'`,
    );
    expect(args).toEqual(['--session', 'agent:main:1']);
  });

  it.each(['exit 1', 'echo {}'])('that cannot be made keeps the agent from working elsewhere: %s', async (script) => {
    await expect(whenItRuns(script)).rejects.toThrow('OpenClaw’s gateway made no session for the worktree');
  });
});
