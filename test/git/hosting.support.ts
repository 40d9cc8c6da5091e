import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { MayMove } from '../../apps/api/src/git/hosting/push-guard.js';
import { HostedRepositories } from '../../apps/api/src/git/hosting/repository-store.js';
import type { Repository } from '../../apps/api/src/git/hosting/repository.js';
import { resolveCommit } from '../../apps/api/src/git/hosting/refs.js';
import {
  recogniseGitRequest,
  SmartHttp,
  type Push,
  type TransferOutcome,
} from '../../apps/api/src/git/hosting/smart-http.js';

export const MAIN = 'refs/heads/main';
export const MAX_PUSH_BYTES = 8 * 1024 * 1024;

export const ADA = { id: 'account-1', name: 'Ada Lovelace', email: 'ada@example.org' };

/** A folder that is gone after the tests. */
export async function aFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'clawtank-git-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

export function openHosting(root: string): Promise<HostedRepositories> {
  return HostedRepositories.open({ root, maxPushBytes: MAX_PUSH_BYTES });
}

export function aRepository(repositories: HostedRepositories): Promise<Repository> {
  return repositories.create(randomUUID(), { defaultBranch: 'main', readme: '# Tank\n' });
}

export interface CommitOptions {
  /** Contents by path; null removes the file. */
  readonly files: Readonly<Record<string, string | Buffer | null>>;
  /** A ref or commit to start from; null begins a history of its own. By default, where the ref is, or main. */
  readonly from?: string | null;
  readonly message?: string;
}

/** Puts one commit on a ref, as if it had been pushed, and returns its id. */
export async function commitTo(repository: Repository, ref: string, options: CommitOptions): Promise<string> {
  const { files, message = 'Change' } = options;
  const existing = await resolveCommit(repository, ref);
  const from = options.from === undefined ? (existing ?? MAIN) : options.from;
  const parent = from && (await resolveCommit(repository, from));
  const changes = Object.entries(files).flatMap(([path, content]) =>
    content === null ? [text(`D ${quoted(path)}\n`)] : [text(`M 100644 inline ${quoted(path)}\n`), data(content)],
  );
  const stream = Buffer.concat([
    text(
      `commit ${ref}\nauthor Grace Hopper <grace@example.org> now\ncommitter Grace Hopper <grace@example.org> now\n`,
    ),
    data(message),
    text(parent ? `from ${parent}\n` : ''),
    ...changes,
    text('done\n'),
  ]);
  await repository.run(['fast-import', '--quiet', '--force', '--done', '--date-format=now'], { input: stream });
  const sha = await resolveCommit(repository, ref);
  if (sha === null) {
    throw new Error(`${ref} was not written`);
  }
  return sha;
}

export async function fileAt(repository: Repository, revision: string, path: string): Promise<string> {
  const { stdout } = await repository.run(['cat-file', 'blob', `${revision}:${path}`]);
  return stdout.toString();
}

const text = (value: string): Buffer => Buffer.from(value);
const data = (content: string | Buffer): Buffer =>
  Buffer.concat([text(`data ${Buffer.byteLength(content)}\n`), Buffer.from(content), text('\n')]);
const quoted = (path: string): string =>
  `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

const run = promisify(execFile);

/** The git client of a person, with nothing of this machine's settings. */
export async function client(cwd: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return run('git', args, { cwd, env: clientEnvironment(cwd), maxBuffer: 64 * 1024 * 1024, timeout: 60_000 });
}

/** What the client says when it is refused. */
export async function refusedClient(cwd: string, ...args: string[]): Promise<string> {
  try {
    await client(cwd, ...args);
  } catch (error) {
    return (error as { stderr: string }).stderr;
  }
  throw new Error(`git ${args.join(' ')} was not refused`);
}

export function clientEnvironment(home: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'Grace Hopper',
    GIT_AUTHOR_EMAIL: 'grace@example.org',
    GIT_COMMITTER_NAME: 'Grace Hopper',
    GIT_COMMITTER_EMAIL: 'grace@example.org',
    LC_ALL: 'C',
  };
}

export interface TestHost {
  readonly url: (repository: Repository) => string;
  readonly port: number;
  /** Requests that have reached the server, finished or not. */
  arrived: number;
  /** How the pushes and fetches ended, in order. */
  readonly outcomes: TransferOutcome[];
  /** What is said of each ref when the push has arrived. */
  mayMove: MayMove;
  /** What each push does before its client hears of it. */
  settle: () => Promise<void>;
  close(): Promise<void>;
}

/** A server on a port of its own that hands requests to the engine, as a controller does. */
export async function serve(repositories: HostedRepositories): Promise<TestHost> {
  const smartHttp = new SmartHttp(repositories.guard, {
    maxFetchRequestBytes: 1024 * 1024,
    maxPushBytes: MAX_PUSH_BYTES,
    transferTimeLimitMs: 30_000,
  });
  const server = createServer((request, response) => {
    host.arrived += 1;
    const address = new URL(request.url ?? '/', 'http://host');
    const [, roomId = '', path = ''] = /^\/([^/]+)\.git(\/.*)$/.exec(address.pathname) ?? [];
    const asked = recogniseGitRequest(request.method ?? '', path, address.searchParams.get('service') ?? undefined);
    const repository = repositories.at(roomId);
    const push: Push = {
      pusher: ADA,
      protectedRef: MAIN,
      message: 'Merge in the room.',
      mayMove: (ref) => host.mayMove(ref),
      settle: () => host.settle(),
    };
    const answer = async (): Promise<void> => {
      if (asked.kind === 'advertise') {
        await smartHttp.advertise(repository, asked.service, request, response);
      } else if (asked.kind === 'exchange') {
        host.outcomes.push(
          asked.service === 'git-upload-pack'
            ? await smartHttp.uploadPack(repository, request, response)
            : await smartHttp.receivePack(repository, request, response, push),
        );
      } else {
        response.writeHead(asked.kind === 'dumb_protocol' ? 403 : 404).end();
      }
    };
    answer().catch(() => response.writeHead(500).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const host: TestHost = {
    port,
    url: ({ roomId }) => `http://127.0.0.1:${port}/${roomId}.git`,
    arrived: 0,
    outcomes: [],
    mayMove: async () => null,
    settle: async () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return host;
}

/** Waits for what another process will do; the test's own time limit ends it. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
