import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import type { Unseen } from '../../rooms/index.js';
import { isBranchName, isObjectId } from '../hosting/domain/ref-name.js';
import { Git, GitFailed, type GitConfig, sizeOf } from '../hosting/git-command.js';
import { Repository } from '../hosting/repository.js';
import { whyUnseen } from './domain/why-unseen.js';

const LIST_LIMIT_MS = 15_000;
const FETCH_LIMIT_MS = 90_000;
/** Of history that is older, nobody asks here: a branch is looked at with at most a few hundred commits of its own. */
const MAX_DEPTH = 5000;
const MAX_BYTES = 1024 ** 3;
/** Of those who ask at the same time; whoever comes later asks again. */
const MAX_WAITING = 20;
/** Each fetch leaves a pack; a copy with more of them, or half as large as it may be, is made anew. */
const MAX_PACKS = 100;
/** A copy that nobody asked for longer is removed. */
const UNUSED_MS = 86_400_000;

/** A repository at a provider, as git reaches it. */
export interface RemoteRepository {
  /** Names the connection: another one has a copy of its own. */
  readonly key: string;
  /** An address of HTTP(S). Git goes there and nowhere else, whatever it is answered. */
  readonly url: string;
  /** The value of the header that lets git in; null where everybody is. */
  readonly authorization: string | null;
}

/** Where branches were, and a repository in which their commits are. */
export interface Fetched {
  readonly repository: Repository;
  readonly tips: ReadonlyMap<string, string>;
}

interface Copy {
  readonly repository: Repository;
  readonly packs: string;
  usedAt: number;
}

/**
 * Copies of repositories at providers, as far as somebody looked at them: no file is fetched unless git has to merge it. They are a
 * cache of this process alone, so that no two processes wait for one another's locks, and may go at any time.
 */
export class FetchedRepositories implements OnModuleDestroy, OnApplicationShutdown {
  private readonly logger = new Logger(FetchedRepositories.name);
  private readonly copies = new Map<string, Copy>();
  /** One at a time for each repository: git locks it as a whole while it fetches. */
  private readonly queues = new Map<string, { readonly last: Promise<unknown>; readonly length: number }>();
  private readonly closing = new AbortController();

  private constructor(
    private readonly folder: string,
    private readonly maxBytes: number,
  ) {}

  /** Takes a new folder in `root`, and clears away those of processes that ended without doing so. */
  static async open(root: string, maxBytes = MAX_BYTES): Promise<FetchedRepositories> {
    await mkdir(root, { recursive: true });
    for (const name of await readdir(root)) {
      const { mtimeMs } = await stat(join(root, name)).catch(() => ({ mtimeMs: Date.now() })); // another process took it
      if (Date.now() - mtimeMs > UNUSED_MS) {
        await rm(join(root, name), { recursive: true, force: true });
      }
    }
    return new FetchedRepositories(join(root, randomUUID()), maxBytes);
  }

  /** A server that drains waits for no provider. */
  onModuleDestroy(): void {
    this.closing.abort();
  }

  async onApplicationShutdown(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  /** Where these branches are right now, with their commits; branches that do not exist are not in the answer. */
  async look(remote: RemoteRepository, branches: readonly string[]): Promise<Fetched | Unseen> {
    const { key } = remote;
    const { last = Promise.resolve(), length = 0 } = this.queues.get(key) ?? {};
    if (length >= MAX_WAITING) {
      return 'unreachable';
    }
    const mine = last.then(() => this.fetch(remote, branches));
    this.queues.set(key, { last: mine.catch(() => undefined), length: length + 1 });
    try {
      return await mine;
    } finally {
      const { last: newest, length: left } = this.queues.get(key)!;
      if (left > 1) {
        this.queues.set(key, { last: newest, length: left - 1 });
      } else {
        this.queues.delete(key);
      }
    }
  }

  private async fetch(remote: RemoteRepository, branches: readonly string[]): Promise<Fetched | Unseen> {
    const { signal } = this.closing;
    if (signal.aborted) {
      return 'unreachable';
    }
    try {
      const copy = await this.copyOf(remote);
      const { repository } = copy;
      const tips = await listTips(repository, branches, signal);
      const known = await fetchedIn(repository);
      const missing = [...new Set(tips.values())].filter((sha) => !known.has(sha));
      if (missing.length > 0) {
        await repository.run(
          [
            'fetch',
            ...['--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--recurse-submodules=no'],
            ...[`--depth=${MAX_DEPTH}`, '--stdin', 'origin'],
          ],
          { input: missing.map((sha) => `${sha}:${KEPT}${sha}\n`).join(''), timeLimitMs: FETCH_LIMIT_MS, signal },
        );
      }
      if ((await sizeOf(copy.packs)) > this.maxBytes) {
        await this.forget(remote.key);
        return 'too_large';
      }
      return { repository, tips };
    } catch (error) {
      if (!(error instanceof GitFailed)) {
        throw error;
      }
      this.logger.warn(`${remote.url}: ${error.message}: ${error.stderr}`);
      if (error.failure === 'disk_limit') {
        await this.forget(remote.key);
      }
      return whyUnseen(error);
    }
  }

  private async copyOf(remote: RemoteRepository): Promise<Copy> {
    await this.clearUnused();
    const known = this.copies.get(remote.key);
    const copy = known && !(await this.isWorn(known)) ? known : await this.begin(remote);
    copy.usedAt = Date.now();
    return copy;
  }

  private async begin(remote: RemoteRepository): Promise<Copy> {
    await this.forget(remote.key);
    const home = join(this.folder, 'home');
    const path = join(this.folder, `${randomUUID()}.git`);
    const packs = join(path, 'objects', 'pack');
    await mkdir(home, { recursive: true });
    const git = new Git(home, policy(remote), { folder: packs, maxBytes: this.maxBytes });
    await git.run(['init', '--quiet', '--bare', '--template=', path]);
    const copy: Copy = { repository: new Repository(remote.key, path, git), packs, usedAt: Date.now() };
    this.copies.set(remote.key, copy);
    return copy;
  }

  private async isWorn({ packs, repository }: Copy): Promise<boolean> {
    const names = await readdir(packs).catch(() => null); // somebody cleared it away
    const count = names?.filter((name) => name.endsWith('.pack')).length ?? Infinity;
    return count > MAX_PACKS || (await sizeOf(packs)) > this.maxBytes / 2 || !(await isThere(repository.path));
  }

  private async clearUnused(): Promise<void> {
    const now = new Date();
    await utimes(this.folder, now, now).catch(() => undefined); // not made yet
    for (const [key, { usedAt }] of this.copies) {
      if (now.getTime() - usedAt > UNUSED_MS) {
        await this.forget(key);
      }
    }
  }

  /** Whoever still reads there fails, and asks again. */
  private async forget(key: string): Promise<void> {
    const copy = this.copies.get(key);
    this.copies.delete(key);
    if (copy) {
      await rm(copy.repository.path, { recursive: true, force: true, maxRetries: 3 });
    }
  }
}

/** What is kept is named by itself, so that no name of a branch stands in the way of another one's. */
const KEPT = 'refs/fetched/';

async function listTips(
  repository: Repository,
  branches: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const wanted = new Map(branches.filter(isBranchName).map((branch) => [`refs/heads/${branch}`, branch]));
  const { stdout } = await repository.run(['ls-remote', '--quiet', 'origin', ...wanted.keys()], {
    timeLimitMs: LIST_LIMIT_MS,
    signal,
  });
  const lines = stdout.toString().split('\n').filter(Boolean);
  return new Map(
    lines.flatMap((line) => {
      const [sha = '', name = ''] = line.split('\t');
      const branch = wanted.get(name);
      return branch !== undefined && isObjectId(sha) ? [[branch, sha] as const] : [];
    }),
  );
}

async function fetchedIn(repository: Repository): Promise<ReadonlySet<string>> {
  const { stdout } = await repository.run(['for-each-ref', '--format=%(objectname)', KEPT]);
  return new Set(stdout.toString().split('\n').filter(Boolean));
}

async function isThere(path: string): Promise<boolean> {
  return stat(join(path, 'HEAD')).then(
    () => true,
    () => false,
  );
}

/**
 * Given to each git process by its environment, which nobody else can read: neither its arguments nor a file holds the token. Files that
 * a merge needs are fetched by the same rules.
 */
function policy({ url, authorization }: RemoteRepository): GitConfig {
  const { origin, protocol } = new URL(url);
  return [
    ['remote.origin.url', url],
    ['remote.origin.promisor', 'true'],
    ['remote.origin.partialclonefilter', 'blob:none'],
    ...(authorization === null ? [] : [[`http.${origin}/.extraHeader`, `Authorization: ${authorization}`] as const]),
    ['protocol.allow', 'never'],
    [`protocol.${protocol.replace(':', '')}.allow`, 'always'],
    ['http.followRedirects', 'false'],
    ['credential.helper', ''],
    ['safe.directory', '*'],
    ['core.hooksPath', '/dev/null'],
    ['core.useReplaceRefs', 'false'], // An object is what its id says; what is signed must not be read as something else.
    ['core.bigFileThreshold', '16m'],
    ['core.quotePath', 'false'],
    ['fetch.unpackLimit', '1'], // Everything in packs, where its size can be seen.
    ['gc.auto', '0'],
  ];
}
