import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex, Readable, Writable } from 'node:stream';

const STDERR_TAIL_BYTES = 4096;
const DEFAULT_TIME_LIMIT_MS = 30_000;
const DEFAULT_OUTPUT_LIMIT_BYTES = 32 * 1024 * 1024;
/** What git gets between the request to stop, on which it removes its locks and half-received packs, and the end. */
const GRACE_MS = 2_000;
const DISK_CHECK_MS = 200;

/** Settings of git, given to each process so that one place decides for every repository, old or new. */
export type GitConfig = readonly (readonly [key: string, value: string])[];

export type GitFailure = 'exit' | 'signal' | 'time_limit' | 'output_limit' | 'disk_limit' | 'not_started';

/** A git process that did not do what it was asked. Its message is fit for anybody; `stderr` is for the log only. */
export class GitFailed extends Error {
  override readonly name = 'GitFailed';

  constructor(
    readonly command: string,
    readonly failure: GitFailure,
    readonly exitCode: number | null,
    readonly stderr: string,
  ) {
    super(`git ${command} failed (${failure === 'exit' ? `exit code ${exitCode}` : failure.replace('_', ' ')})`);
  }
}

/** How much git may write into a folder. It is looked at while git runs: what a remote sends has no limit that git knows. */
export interface DiskLimit {
  readonly folder: string;
  readonly maxBytes: number;
}

export interface GitCall {
  /** The repository, given as GIT_DIR: git never searches for one. */
  readonly repository?: string;
  /** Added to the sanitized environment, and to nothing else: a child inherits only PATH. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly timeLimitMs?: number;
  /** Ends git when it is aborted. */
  readonly signal?: AbortSignal;
}

export interface CollectedGitCall extends GitCall {
  readonly input?: string | Buffer;
  readonly maxOutputBytes?: number;
  /** What happens to output past the limit: git is stopped either way. */
  readonly excess?: 'fails' | 'is_cut';
  /** Exit codes that are answers, not failures. */
  readonly answers?: readonly number[];
}

export interface GitAnswer {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly isCut: boolean;
}

/** A git process at work, with its streams. `finished` never rejects: null, or why it failed. */
export interface GitProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** A line to git's hooks, which have it as file descriptor 3. */
  readonly hooks: Duplex;
  readonly finished: Promise<GitFailed | null>;
  /** Ends git and whatever it started. */
  stop(): void;
  /**
   * Ends git's input, as a broken connection would: a push then removes what it had received, which it cannot do
   * reliably when its children are ended at the same moment. A git that goes on regardless is stopped.
   */
  breakOff(): void;
}

/** Runs git: never through a shell, in an environment that nobody's settings reach, within limits. */
export class Git {
  constructor(
    /** A folder that exists and is empty: where git looks for a user's settings, and finds none. */
    private readonly home: string,
    private readonly config: GitConfig = [],
    private readonly disk: DiskLimit | null = null,
  ) {}

  /** Starts git with its streams in the caller's hands. */
  start(args: readonly string[], call: GitCall = {}): GitProcess {
    return this.launch(args, call);
  }

  /** Runs git to its end and returns what it printed; throws `GitFailed`. */
  async run(args: readonly string[], call: CollectedGitCall = {}): Promise<GitAnswer> {
    const { maxOutputBytes = DEFAULT_OUTPUT_LIMIT_BYTES, excess = 'fails', answers = [0] } = call;
    if (call.signal?.aborted) {
      throw new GitFailed(args[0] ?? '', 'signal', null, '');
    }
    const process = this.launch(args, call);
    process.stdin.end(call.input);

    const chunks: Buffer[] = [];
    let size = 0;
    process.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxOutputBytes) {
        process.fail('output_limit');
      } else {
        chunks.push(chunk);
      }
    });

    const failed = await process.finished;
    const exitCode = failed?.exitCode ?? 0;
    const isCut = failed?.failure === 'output_limit' && excess === 'is_cut';
    const isAnswer = failed === null || (failed.failure === 'exit' && answers.includes(exitCode));
    if (!isAnswer && !isCut) {
      throw failed;
    }
    return { exitCode, stdout: Buffer.concat(chunks), isCut };
  }

  private launch(args: readonly string[], call: GitCall): GitProcess & { fail(failure: GitFailure): void } {
    // A process group of its own: stopping reaches index-pack and hooks too, and Ctrl-C at the server's terminal does
    // not, so that a server that drains lets a push finish.
    const child = spawn('git', args, {
      cwd: this.home,
      env: this.environment(call),
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    }) as ChildProcessByStdio<Writable, Readable, Readable>;
    const hooks = child.stdio[3] as Duplex;
    child.once('exit', () => hooks.destroy()); // what git leaves running behind it keeps its end open, and asks nothing
    const command = args[0] ?? '';
    const stderr = tailOf(child.stderr);
    let failure: GitFailure | null = null;
    let isClosed = false;

    const fail = (reason: GitFailure): void => {
      if (failure === null && !isClosed) {
        failure = reason;
        stopGroup(child);
      }
    };
    const timers = [setTimeout(() => fail('time_limit'), call.timeLimitMs ?? DEFAULT_TIME_LIMIT_MS)];
    if (this.disk) {
      const { folder, maxBytes } = this.disk;
      const weigh = async (): Promise<void> => void ((await sizeOf(folder)) > maxBytes && fail('disk_limit'));
      timers.push(setInterval(() => void weigh(), DISK_CHECK_MS));
    }
    const closed = (): void => {
      isClosed = true;
      timers.forEach((timer) => clearTimeout(timer));
      call.signal?.removeEventListener('abort', stop);
    };
    const stop = (): void => fail('signal');
    call.signal?.addEventListener('abort', stop);
    const breakOff = (): void => {
      child.stdin.destroy();
      if (!isClosed) {
        timers.push(setTimeout(stop, GRACE_MS));
      }
    };
    // A git that ends before it has read everything closes its end of the pipe; its exit code tells the story.
    child.stdin.on('error', () => undefined);

    const finished = new Promise<GitFailed | null>((resolve) => {
      child.once('error', (error) => {
        closed();
        resolve(new GitFailed(command, 'not_started', null, error.message));
      });
      child.once('close', (code, signal) => {
        closed();
        failure ??= signal ? 'signal' : code === 0 ? null : 'exit';
        resolve(failure && new GitFailed(command, failure, code, stderr()));
      });
    });
    return { stdin: child.stdin, stdout: child.stdout, hooks, finished, fail, stop, breakOff };
  }

  private environment({ repository, environment }: GitCall): NodeJS.ProcessEnv {
    const settings: Record<string, string> = { GIT_CONFIG_COUNT: String(this.config.length) };
    for (const [index, [key, value]] of this.config.entries()) {
      settings[`GIT_CONFIG_KEY_${index}`] = key;
      settings[`GIT_CONFIG_VALUE_${index}`] = value;
    }
    return {
      PATH: process.env.PATH,
      HOME: this.home,
      XDG_CONFIG_HOME: this.home,
      LC_ALL: 'C',
      TZ: 'UTC',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_ATTR_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      // What newer versions of git may choose otherwise for new repositories.
      GIT_DEFAULT_HASH: 'sha1',
      GIT_DEFAULT_REF_FORMAT: 'files',
      ...settings,
      ...(repository === undefined ? {} : { GIT_DIR: repository }),
      ...environment,
    };
  }
}

/** Throws with words for the administrator unless this machine's git can do what the host needs of it. */
export async function mustBeRecentGit(git: Git): Promise<void> {
  const { stdout } = await git.run(['version']);
  const version = /^git version (\d+)\.(\d+)/.exec(stdout.toString());
  const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
  if (!(major > 2 || (major === 2 && minor >= 38))) {
    throw new Error(`ClawTank hosts repositories with git 2.38 or newer; found: ${stdout.toString().trim()}`);
  }
}

/** How many bytes the files of a folder take, those below it not counted. */
export async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0, // Gone already, as temporary files go.
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function tailOf(stream: Readable): () => string {
  let tail = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk]).subarray(-STDERR_TAIL_BYTES);
  });
  return () => tail.toString().trim();
}

function stopGroup(child: ChildProcessByStdio<Writable, Readable, Readable>): void {
  signalGroup(child.pid, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), GRACE_MS);
  child.once('close', () => clearTimeout(timer));
  child.stdin.destroy();
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}
