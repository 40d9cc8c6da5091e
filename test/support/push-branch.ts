import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { signedCommit } from '@clawtank/agent-sdk';
import type { Signer } from './agent-key.js';

const run = promisify(execFile);

/**
 * Pushes a new branch with one commit to a room's hosted repository, with the real git client; answers its tip. Without a signer
 * nobody signed the commit.
 */
export async function pushBranch(
  server: { readonly url: string },
  roomId: string,
  token: string,
  branch: string,
  file: string | { readonly name: string; readonly content: Buffer } = `${randomUUID()}.txt`,
  signer?: Signer,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'clawtank-push-'));
  const git = async (...args: string[]) => {
    const { stdout } = await run('git', [
      '-C',
      folder,
      '-c',
      'user.name=Test',
      '-c',
      'user.email=test@example.com',
      ...args,
    ]);
    return stdout.trim();
  };
  try {
    const url = new URL(`${server.url}/git/${roomId}.git`);
    url.username = 'git';
    url.password = token;
    await run('git', ['clone', '--quiet', url.href, folder]);
    await git('switch', '--quiet', '-c', branch);
    const { name, content } = typeof file === 'string' ? { name: file, content: `${branch}\n` } : file;
    writeFileSync(join(folder, name), content);
    if (signer) {
      await signedCommit({ worktree: folder, name: 'Test', message: 'Add a file', ...signer });
    } else {
      await git('add', '.');
      await git('commit', '--quiet', '-m', 'Add a file');
    }
    await git('push', '--quiet', 'origin', branch);
    return await git('rev-parse', 'HEAD');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
