import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { TaskConflict } from '@clawtank/contracts';

const run = promisify(execFile);

/** Somebody's clone of a room's hosted repository, with the real git client. */
export class Clone {
  readonly folder = mkdtempSync(join(tmpdir(), 'clawtank-clone-'));

  static async of(server: { readonly url: string }, roomId: string, token: string): Promise<Clone> {
    const clone = new Clone();
    const url = new URL(`${server.url}/git/${roomId}.git`);
    Object.assign(url, { username: 'git', password: token });
    await run('git', ['clone', '--quiet', url.href, clone.folder]);
    return clone;
  }

  async git(...args: string[]): Promise<string> {
    const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
    const { stdout } = await run('git', ['-C', this.folder, ...who, ...args], { maxBuffer: 64 * 1024 * 1024 });
    return stdout.trim();
  }

  /** Changes files and commits; null takes a file away. Answers the new tip. */
  async commit(files: Readonly<Record<string, string | Buffer | null>>, message = 'Change files'): Promise<string> {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.folder, name);
      if (content === null) {
        await rm(path, { recursive: true });
      } else {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, content);
      }
    }
    await this.git('add', '--all');
    await this.git('commit', '--quiet', '--allow-empty', '-m', message);
    return this.git('rev-parse', 'HEAD');
  }

  /** A branch from the newest default branch, with one commit, pushed. */
  async push(
    branch: string,
    files: Readonly<Record<string, string | Buffer | null>>,
    message?: string,
  ): Promise<string> {
    await this.git('fetch', '--quiet', 'origin');
    await this.git('switch', '--quiet', '--force-create', branch, 'origin/main');
    const tip = await this.commit(files, message);
    await this.git('push', '--quiet', '--force', 'origin', branch);
    return tip;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Conflicts in few words: `7+8 touched a.ts b.ts`. */
export const inShort = (conflicts: readonly TaskConflict[]): string[] =>
  conflicts
    .map(({ tasks: [one, other], kind, paths }) => `${one.number}+${other.number} ${kind} ${paths.join(' ')}`.trim())
    .sort();
