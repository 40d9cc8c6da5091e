import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { applyEdits } from './apply-edits.js';

let outer: string;
let worktree: string;

beforeEach(async () => {
  outer = await mkdtemp(join(tmpdir(), 'clawtank-edits-'));
  worktree = join(outer, 'worktree');
  await mkdir(worktree);
  await writeFile(join(worktree, 'a.md'), 'one\ntwo two');
});
afterEach(() => rm(outer, { recursive: true }));

const read = (file: string) => readFile(join(worktree, file), 'utf8');

describe('edits', () => {
  it('are made in order', async () => {
    await applyEdits(worktree, [
      { kind: 'create', file: 'docs/b.md', text: 'Hello' },
      { kind: 'append', file: 'a.md', text: 'three' },
      { kind: 'replace', file: 'a.md', old: 'two', by: '$& 2' },
      { kind: 'rename', from: 'docs/b.md', to: 'c/d.md' },
    ]);

    expect(await read('a.md')).toBe('one\n$& 2 $& 2\nthree\n');
    expect(await read('c/d.md')).toBe('Hello\n');
    await expect(read('docs/b.md')).rejects.toThrow('ENOENT');
  });

  it('create a file again only if it says the same', async () => {
    await applyEdits(worktree, [{ kind: 'create', file: 'b.md', text: 'Hello' }]);
    await applyEdits(worktree, [{ kind: 'create', file: 'b.md', text: 'Hello' }]);

    await expect(applyEdits(worktree, [{ kind: 'create', file: 'b.md', text: 'Bye' }])).rejects.toThrow(
      'exists already',
    );
  });

  it.each([
    [{ kind: 'append', file: 'nowhere.md', text: 'x' }, 'no file nowhere.md'],
    [{ kind: 'replace', file: 'a.md', old: 'four', by: 'x' }, 'does not hold'],
    [{ kind: 'delete', file: 'nowhere.md' }, 'no file nowhere.md'],
    [{ kind: 'rename', from: 'a.md', to: 'a.md' }, 'exists already'],
    [{ kind: 'create', file: '../b.md', text: 'x' }, 'not a path inside'],
    [{ kind: 'create', file: '.git/hooks/pre-commit', text: 'x' }, 'not a path inside'],
    [{ kind: 'create', file: 'a.md/b.md', text: 'x' }, 'a.md is not a folder'],
  ] as const)('that cannot be made say why: %j', async (edit, why) => {
    await expect(applyEdits(worktree, [edit])).rejects.toThrow(why);
  });

  it('do not follow a symbolic link out of the worktree', async () => {
    await writeFile(join(outer, 'secret.txt'), 'secret');
    await symlink(join(outer, 'secret.txt'), join(worktree, 'link.txt'));
    await symlink(outer, join(worktree, 'folder'));

    for (const file of ['link.txt', 'folder/secret.txt', 'folder/new.txt']) {
      await expect(applyEdits(worktree, [{ kind: 'append', file, text: 'x' }])).rejects.toThrow('is not a');
      await expect(applyEdits(worktree, [{ kind: 'create', file, text: 'x' }])).rejects.toThrow('is not a');
      await expect(applyEdits(worktree, [{ kind: 'rename', from: 'a.md', to: file }])).rejects.toThrow('is not a');
    }
    expect(await readFile(join(outer, 'secret.txt'), 'utf8')).toBe('secret');
  });

  it('leave what is no text alone', async () => {
    await writeFile(join(worktree, 'a.png'), Buffer.from([0x89, 0, 1]));
    await writeFile(join(worktree, 'latin.txt'), Buffer.from([0xe9]));

    await expect(applyEdits(worktree, [{ kind: 'append', file: 'a.png', text: 'x' }])).rejects.toThrow('not a text');
    await expect(applyEdits(worktree, [{ kind: 'append', file: 'latin.txt', text: 'x' }])).rejects.toThrow('UTF-8');
  });
});
