import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EntryOf } from '../domain/entry.js';

const run = promisify(execFile);
const MAX_BYTES = 20_000_000;
const TIMEOUT_MS = 30_000;
/** More of a branch is not looked at. */
const MAX_COMMITS = 50;
const MAX_FILES = 50;

type Inspected = Omit<EntryOf<'inspected'>, 'kind' | 'at' | 'scene' | 'process' | 'taskId'>;

/** The room's repository, as it is on the server: asked past the proxy, with the token of another agent. */
export class Repository {
  private constructor(
    private readonly folder: string,
    private readonly server: URL,
    private readonly url: string,
    private readonly defaultBranch: string,
    private readonly token: string,
  ) {}

  static async open(server: URL, cloneUrl: string, defaultBranch: string, token: string): Promise<Repository> {
    const folder = await mkdtemp(join(tmpdir(), 'clawtank-conformance-'));
    const repository = new Repository(folder, server, new URL(cloneUrl, server).href, defaultBranch, token);
    await repository.git('init', '--quiet', '--bare');
    return repository;
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** What is on a branch and not on the default branch. */
  async inspect(branch: string): Promise<Inspected> {
    await this.fetch();
    const tip = await this.git('rev-parse', '--verify', '--quiet', `refs/heads/${branch}`).catch(() => null);
    const { defaultBranch } = this;
    if (!tip) {
      return { branch, tip, defaultBranch, commits: [], files: {} };
    }
    const range = `refs/heads/${defaultBranch}..${tip}`;
    const shas = lines(await this.git('rev-list', `--max-count=${MAX_COMMITS}`, range));
    const commits = await Promise.all(shas.map(async (sha) => ({ sha, object: await this.object(sha) })));
    const changed = await this.git('diff', '--name-only', '-z', `refs/heads/${defaultBranch}...${tip}`);
    const paths = changed.split('\0').filter(Boolean).slice(0, MAX_FILES);
    const files = await Promise.all(
      paths.map(async (path) => [path, await this.git('show', `${tip}:${path}`).catch(() => '')] as const),
    );
    return { branch, tip, defaultBranch, commits, files: Object.fromEntries(files) };
  }

  /** Pushes a branch of one commit with one file. */
  async push(branch: string, file: string, text: string, message: string): Promise<void> {
    await this.fetch();
    const blob = await this.withInput(['hash-object', '-w', '--stdin'], text);
    const tree = await this.withInput(['mktree'], `100644 blob ${blob}\t${file}\n`);
    const commit = await this.git('commit-tree', tree, '-p', `refs/heads/${this.defaultBranch}`, '-m', message);
    await this.git('push', '--quiet', this.url, `${commit}:refs/heads/${branch}`);
  }

  private async fetch(): Promise<void> {
    await this.git('fetch', '--quiet', '--prune', '--no-tags', this.url, '+refs/heads/*:refs/heads/*');
  }

  private async object(sha: string): Promise<string> {
    const { stdout } = await run('git', ['-C', this.folder, 'cat-file', 'commit', sha], {
      encoding: 'buffer',
      maxBuffer: MAX_BYTES,
    });
    return stdout.toString('base64');
  }

  private async git(...args: string[]): Promise<string> {
    return this.withInput(args, '');
  }

  private async withInput(args: readonly string[], input: string): Promise<string> {
    const running = run('git', ['-C', this.folder, ...args], {
      maxBuffer: MAX_BYTES,
      timeout: TIMEOUT_MS,
      env: this.environment(),
    });
    running.child.stdin?.on('error', () => undefined); // git that ends early does not read its input
    running.child.stdin?.end(input);
    return (await running).stdout.trim();
  }

  private environment(): NodeJS.ProcessEnv {
    const credentials = Buffer.from(`conformance:${this.token}`).toString('base64');
    return {
      PATH: process.env['PATH'],
      HOME: this.folder,
      GIT_TERMINAL_PROMPT: '0',
      GIT_AUTHOR_NAME: 'Conformance kit',
      GIT_AUTHOR_EMAIL: 'conformance@example.invalid',
      GIT_COMMITTER_NAME: 'Conformance kit',
      GIT_COMMITTER_EMAIL: 'conformance@example.invalid',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `http.${this.server.origin}/.extraHeader`,
      GIT_CONFIG_VALUE_0: `Authorization: Basic ${credentials}`,
    };
  }
}

const lines = (text: string): string[] => text.split('\n').filter(Boolean);
