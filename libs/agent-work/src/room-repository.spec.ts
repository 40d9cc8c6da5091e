import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { GitFailed } from '@clawtank/agent-sdk';
import { RepositoryUnfit, RoomRepository } from './room-repository.js';
import type { Worktree } from './worktree.js';

jest.setTimeout(30_000); // git starts slowly on a busy machine

const BRANCH = 'clawtank/7-crusty';
const { signal } = new AbortController();
const lease = { leaseId: 'lease-1', taskId: 'task-1', fence: 1, expiresAt: '2026-01-01T00:00:00.000Z' };
const AS = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];

let folder: string;
let bare: string;
let repository: RoomRepository;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawtank-repository-'));
  bare = join(folder, 'room.git');
  git(folder, 'init', '-q', '--bare', '-b', 'main', bare);
  git(folder, 'clone', '-q', bare, 'seed');
  writeFileSync(join(folder, 'seed', 'README.md'), 'Reef\n');
  git(join(folder, 'seed'), 'add', '.');
  git(join(folder, 'seed'), ...AS, 'commit', '-qm', 'Start');
  git(join(folder, 'seed'), 'push', '-q', 'origin', 'HEAD:main');
  repository = repositoryAt(join(folder, 'data'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function repositoryAt(place: string, url = pathToFileURL(bare).href): RoomRepository {
  const access = { server: new URL('http://127.0.0.1:1'), token: 'cta_token' };
  return new RoomRepository(place, { url, defaultBranch: 'main' }, access);
}

function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

async function worktree(name = '7-1'): Promise<Worktree> {
  await repository.refresh(signal);
  return repository.checkOut(BRANCH, name);
}

const object = (tree: string, parent: string) =>
  Buffer.from(`tree ${tree}\nparent ${parent}\nauthor A <a@x> 0 +0000\ncommitter A <a@x> 0 +0000\n\nWork\n`);
const write = (tree: Worktree, file: string, text: string) => writeFileSync(join(tree.place.folder, file), text);

describe('a room’s repository', () => {
  it('gives each task a worktree, and takes its files to the server as one commit', async () => {
    const tree = await worktree();
    write(tree, 'hello.md', 'Hello\n');

    const commit = await tree.commitAll(object);
    await repository.push(tree.place, commit, lease, signal);

    expect(git(bare, 'rev-parse', BRANCH)).toBe(commit);
    expect(git(bare, 'show', `${BRANCH}:hello.md`)).toBe('Hello');
    expect(git(bare, 'rev-list', '--count', `main..${BRANCH}`)).toBe('1');
    await repository.dispose(tree.place);
    expect(existsSync(tree.place.folder)).toBe(false);
  });

  it('continues on the branch of a task that was pushed before', async () => {
    const first = await worktree();
    write(first, 'one.md', '1\n');
    await repository.push(first.place, await first.commitAll(object), lease, signal);
    await repository.dispose(first.place);

    const second = await worktree('7-2');
    expect(readFileSync(join(second.place.folder, 'one.md'), 'utf8')).toBe('1\n');
    expect(await repository.isPushed(second.place)).toBe(true);
    write(second, 'two.md', '2\n');
    await repository.push(second.place, await second.commitAll(object), lease, signal);
    expect(git(bare, 'rev-list', '--count', `main..${BRANCH}`)).toBe('2');
  });

  it('lets a task be done again beside the worktree that was kept of it', async () => {
    const kept = await worktree();
    write(kept, 'one.md', '1\n');
    await kept.detach();
    const again = await worktree('7-2');
    expect(existsSync(join(again.place.folder, 'one.md'))).toBe(false);
    expect(existsSync(join(kept.place.folder, 'one.md'))).toBe(true);
  });

  it('also when the kept one still holds the branch, as after a crash', async () => {
    await worktree();
    await expect(worktree('7-2')).resolves.toBeDefined();
  });

  it('has nothing to commit where nothing was changed', async () => {
    const tree = await worktree();
    expect(await tree.hasChanges()).toBe(false);
    expect(await tree.commitAll(object)).toBe(tree.place.start);
  });

  it('sees what the agent told git to overlook, and takes along nothing that is to be ignored', async () => {
    const tree = await worktree();
    git(tree.place.folder, 'update-index', '--assume-unchanged', 'README.md');
    write(tree, 'README.md', 'Changed\n');
    write(tree, '.gitignore', 'ignored\n');
    write(tree, 'ignored', 'x');

    const commit = await tree.commitAll(object);

    expect(git(tree.place.folder, 'diff', '--name-only', tree.place.start, commit)).toBe('.gitignore\nREADME.md');
    expect(git(tree.place.folder, 'ls-files', '-v')).toBe('h README.md'); // its own index is as it was
  });

  it('commits on its own branch, in the middle of whatever the agent did with git', async () => {
    const tree = await worktree();
    const at = tree.place.folder;
    write(tree, 'one.md', '1\n');
    git(at, 'add', '.');
    git(at, ...AS, 'commit', '-qm', 'Mine');
    git(at, 'switch', '-qc', 'elsewhere', 'HEAD~');
    write(tree, 'one.md', 'other\n');
    git(at, 'add', '.');
    git(at, ...AS, 'commit', '-qm', 'Other');
    expect(() => git(at, ...AS, 'merge', BRANCH)).toThrow();
    write(tree, 'one.md', 'resolved\n');

    const commit = await tree.commitAll(object);

    expect(git(at, 'rev-parse', `${commit}^`)).toBe(tree.place.start);
    expect(git(at, 'show', `${commit}:one.md`)).toBe('resolved');
    expect(git(at, 'rev-parse', BRANCH)).toBe(commit);
  });

  it('runs nothing that the agent put into the configuration of its clone', async () => {
    const tree = await worktree();
    const at = tree.place.folder;
    const trap = join(folder, 'trap');
    mkdirSync(join(folder, 'hooks'));
    for (const hook of ['pre-commit', 'pre-push', 'post-checkout', 'reference-transaction', 'post-index-change']) {
      writeFileSync(join(folder, 'hooks', hook), `#!/bin/sh\necho ${hook} >> ${trap}\n`, { mode: 0o755 });
    }
    git(at, 'config', 'core.hooksPath', join(folder, 'hooks'));
    git(at, 'config', 'core.fsmonitor', join(folder, 'hooks', 'pre-commit'));
    git(at, 'config', 'credential.helper', `!env >> ${trap}`);
    git(at, 'config', `url.file:///nowhere/.insteadOf`, 'file:///');
    write(tree, 'one.md', '1\n');

    const commit = await tree.commitAll(object);
    await repository.push(tree.place, commit, lease, signal);

    expect(existsSync(trap)).toBe(false);
    expect(git(bare, 'rev-parse', BRANCH)).toBe(commit);
  });

  it('is refused if it has nothing to start from, and can be tried again if it cannot be reached', async () => {
    repository = repositoryAt(join(folder, 'other'), pathToFileURL(join(folder, 'nowhere.git')).href);
    await expect(worktree()).rejects.toBeInstanceOf(GitFailed);
    git(folder, 'init', '-q', '--bare', '-b', 'main', 'nowhere.git');
    await expect(worktree()).rejects.toBeInstanceOf(RepositoryUnfit);
  });

  it('knows a worktree of an interrupted run again, and one that is gone', async () => {
    const { place } = await worktree();
    expect((await repository.reopen(place))?.place).toEqual(place);
    await repository.dispose(place);
    expect(await repository.reopen(place)).toBeNull();
  });
});
