import { PatchSplitter, type FilePatch, type PatchLimits } from './domain/patch-splitter.js';
import { mustBeRevision, type Repository } from './repository.js';

export type FileStatus = 'added' | 'modified' | 'removed' | 'renamed';

export interface ChangedFile {
  readonly path: string;
  /** Where the file was, if it is `renamed`. */
  readonly previousPath?: string;
  readonly status: FileStatus;
  readonly additions: number;
  readonly deletions: number;
  readonly binary: boolean;
}

export interface FileDiff extends ChangedFile {
  /** A unified patch of whole lines, as git prints it, with its header. */
  readonly patch: string;
  /** The patch ends before the change does. */
  readonly truncated: boolean;
}

export interface DiffLimits {
  /** For all patches together. */
  readonly maxBytes: number;
  /** So that one generated file does not leave nothing for the rest; as much as for all, if not given. */
  readonly maxFileBytes?: number;
}

/** What stands for "nothing" in a comparison; every git knows it without storing it. */
export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/**
 * The files that `head` changed since it left `base`, whatever happened on `base` meanwhile. If the two have no
 * history in common, all files of `head`.
 */
export async function changedFiles(repository: Repository, base: string, head: string): Promise<ChangedFile[]> {
  const entries = await listEntries(repository, await forkPoint(repository, base, head), head);
  return entries.map(({ file }) => file);
}

/** The paths that `head` changed since it left `base`; a renamed file is one removed and one added. */
export async function changedPaths(
  repository: Repository,
  base: string,
  head: string,
): Promise<{ readonly path: string; readonly isLink: boolean }[]> {
  const from = await forkPoint(repository, base, head);
  const { stdout } = await repository.run(['diff-tree', '-r', '-z', '--raw', '--no-renames', from, head]);
  const tokens = stdout.toString().split('\0').slice(0, -1);
  return tokens.flatMap((token, index) =>
    token.startsWith(':') && index % 2 === 0
      ? { path: tokens[index + 1] ?? '', isLink: /^:\d+ (?:120|160)000 /.test(token) }
      : [],
  );
}

/** The same files, each with its patch, within limits. */
export async function diff(
  repository: Repository,
  base: string,
  head: string,
  { maxBytes, maxFileBytes = maxBytes }: DiffLimits,
): Promise<FileDiff[]> {
  const from = await forkPoint(repository, base, head);
  const [entries, patches] = await Promise.all([
    listEntries(repository, from, head),
    readPatches(repository, from, head, { maxBytes, maxFileBytes }),
  ]);
  let next = 0;
  return entries.map(({ file, patchCount }) => {
    const own = patches.slice(next, next + patchCount);
    next += patchCount;
    return {
      ...file,
      patch: own.map(({ text }) => text).join(''),
      truncated: own.length < patchCount || own.some(({ isTruncated }) => isTruncated),
    };
  });
}

async function forkPoint(repository: Repository, base: string, head: string): Promise<string> {
  const { exitCode, stdout } = await repository.run(['merge-base', mustBeRevision(base), mustBeRevision(head)], {
    answers: [0, 1],
  });
  return exitCode === 0 ? stdout.toString().trim() : EMPTY_TREE;
}

interface Entry {
  readonly file: ChangedFile;
  /** A file that becomes a symbolic link (or the like) is removed and added again in the patch. */
  readonly patchCount: 1 | 2;
}

async function listEntries(repository: Repository, from: string, head: string): Promise<Entry[]> {
  const { stdout } = await repository.run(['diff-tree', '-r', '-z', '-M', '--raw', '--numstat', from, head]);
  const tokens = stdout.toString().split('\0').slice(0, -1).values();
  const changes: RawChange[] = [];
  const counts = new Map<string, LineCounts>();
  for (const token of tokens) {
    if (token.startsWith(':')) {
      changes.push(readRawChange(token, tokens));
    } else {
      const { path, ...lines } = readLineCounts(token, tokens);
      counts.set(path, addCounts(counts.get(path), lines));
    }
  }
  return changes.map(({ letter, ...change }) => ({
    file: { ...change, ...(counts.get(change.path) ?? { additions: 0, deletions: 0, binary: false }) },
    patchCount: letter === 'T' ? 2 : 1,
  }));
}

type RawChange = Pick<ChangedFile, 'path' | 'previousPath' | 'status'> & { readonly letter: string };
type LineCounts = Pick<ChangedFile, 'additions' | 'deletions' | 'binary'>;

const STATUSES: Readonly<Record<string, FileStatus>> = { A: 'added', D: 'removed', R: 'renamed' };

/** Reads `:modes ids LETTER` and the one or two paths after it. */
function readRawChange(token: string, rest: Iterator<string, undefined>): RawChange {
  const letter = token.slice(token.lastIndexOf(' ') + 1).charAt(0);
  const status = STATUSES[letter] ?? 'modified';
  const path = rest.next().value ?? '';
  return letter === 'R'
    ? { letter, status, previousPath: path, path: rest.next().value ?? '' }
    : { letter, status, path };
}

/** Reads `added TAB deleted TAB path`, where a rename has no path there but two after it. */
function readLineCounts(token: string, rest: Iterator<string, undefined>): LineCounts & { readonly path: string } {
  const [, added = '', deleted = '', inline = ''] = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(token) ?? [];
  if (inline === '') {
    rest.next();
  }
  const path = inline === '' ? (rest.next().value ?? '') : inline;
  const binary = added === '-';
  return { path, additions: binary ? 0 : Number(added), deletions: binary ? 0 : Number(deleted), binary };
}

function addCounts(sum: LineCounts | undefined, { additions, deletions, binary }: LineCounts): LineCounts {
  return {
    additions: additions + (sum?.additions ?? 0),
    deletions: deletions + (sum?.deletions ?? 0),
    binary: binary || (sum?.binary ?? false),
  };
}

async function readPatches(
  repository: Repository,
  from: string,
  head: string,
  limits: PatchLimits,
): Promise<FilePatch[]> {
  const splitter = new PatchSplitter(limits);
  const git = repository.start(['diff-tree', '-r', '-M', '-p', '--no-ext-diff', '--no-textconv', from, head]);
  git.stdin.end();
  for await (const chunk of git.stdout) {
    splitter.push(chunk as Buffer);
    if (splitter.isFull) {
      git.stop();
      break;
    }
  }
  const failed = await git.finished;
  if (failed && !splitter.isFull) {
    throw failed;
  }
  return splitter.patches();
}
