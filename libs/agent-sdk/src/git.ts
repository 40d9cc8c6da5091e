import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Lease } from '@clawtank/contracts';

const TIMEOUT_MS = 300_000;
const MAX_OUTPUT_BYTES = 50_000_000;
const MAX_COMPLAINT_BYTES = 10_000;

/** Over whatever a repository's own configuration says. */
const CONFIGURED = ['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'core.quotePath=false', 'gc.auto=0'].flatMap(
  (setting) => ['-c', setting],
);
/** What git needs to start, and what says how this machine reaches others and whom it believes. */
const KEPT = /^(?:PATH|HOME|(?:https?|no|all)_proxy|SSL_CERT_(?:FILE|DIR)|GIT_SSL_CAINFO|GIT_SSL_CAPATH)$/i;

/** Of the variables that are git's own, those that say how its user reaches others. The rest belongs to whatever was started before. */
const OWNERS = /^GIT_(?:CONFIG_\w+|SSH|SSH_COMMAND|SSH_VARIANT|ASKPASS|SSL_\w+|HTTP_\w+|PROXY_\w+|ALLOW_PROTOCOL)$/;
/** What would ask somebody on a screen, and what is none of git's business. */
const NOT_FOR_GIT = /^(?:GIT_.*|SSH_ASKPASS|CLAWTANK_.*)$/i;
/** Over what the owner's configuration says of every push and fetch by hand. */
const OWNERS_CONFIGURED = ['push.gpgSign=false', 'push.followTags=false', 'push.recurseSubmodules=no'].flatMap(
  (setting) => ['-c', setting],
);

/** What kept git from it: the repository let it not in, or took not what was pushed, or was not there, or not to the end. */
export type GitFailure = 'no_access' | 'push_refused' | 'interrupted' | 'other';

const REFUSED = /\[(?:remote )?rejected\]/;
const NO_ACCESS =
  /authentication failed|could not read (?:username|password)|terminal prompts disabled|permission denied|access denied|host key verification failed|repository .*not found|returned error: 40[134]/i;
/** The other side understood, and said no. */
const DECLINED = /returned error: 4(?!29)\d\d/;
const INTERRUPTED =
  /could not resolve host|(?:failed|couldn't) to connect|connection (?:refused|reset|closed|timed out)|operation timed out|RPC failed|transfer closed|(?:recv|send) failure|hung up unexpectedly|early EOF|empty reply|unexpected disconnect|returned error: (?:429|5\d\d)/i;

/** Git ended with an error; the message is what it said. */
export class GitFailed extends Error {
  constructor(
    message: string,
    readonly failure: GitFailure = 'other',
  ) {
    super(message);
  }

  /** Whether it may go better next time: a repository that refused a push would refuse the next one as well. */
  get isWorthAnotherTry(): boolean {
    return this.failure !== 'push_refused';
  }
}

/** What lets git in at one server: the agent's own token. */
export interface GitAccess {
  readonly server: URL;
  readonly token: string;
  /** The lease under which something is pushed: the server takes in nothing under one that has ended. */
  readonly lease?: Pick<Lease, 'taskId' | 'leaseId'>;
}

/** What lets git in: the agent's token, or whatever the owner's own git is configured with; null for nothing. */
export type GitCredentials = GitAccess | 'owners' | null;

interface RunOptions {
  readonly input?: string | Buffer;
  readonly signal?: AbortSignal;
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Runs git in one folder. The token, if there is one, is given to git in its environment, for addresses of the server alone: it is in
 * no argument list, no configuration file and no address. The user's own git configuration and the repository's hooks have no say; with
 * the owner's credentials that configuration has, but nobody is asked anything: what is not known to git is missing.
 */
export class Git {
  constructor(
    readonly folder: string,
    private readonly credentials: GitCredentials = null,
  ) {}

  /** The same access in another folder. */
  in(folder: string): Git {
    return new Git(folder, this.credentials);
  }

  /** The same access, for pushing what belongs to a leased task. The owner's credentials know no leases. */
  under({ taskId, leaseId }: Pick<Lease, 'taskId' | 'leaseId'>): Git {
    const { credentials } = this;
    const isToken = credentials !== null && credentials !== 'owners';
    return new Git(this.folder, isToken ? { ...credentials, lease: { taskId, leaseId } } : credentials);
  }

  async run(args: readonly string[], { input = '', signal, environment = {} }: RunOptions = {}): Promise<string> {
    signal?.throwIfAborted();
    const isOwners = this.credentials === 'owners';
    const child = spawn('git', [...CONFIGURED, ...(isOwners ? OWNERS_CONFIGURED : []), ...args], {
      cwd: this.folder,
      env: { ...environmentFor(this.credentials), ...environment },
      detached: true, // in a session without a terminal, where neither git nor ssh finds anybody to ask
      stdio: 'pipe',
    });
    const ended = output(child, signal);
    child.stdin.on('error', () => undefined); // git that ends early does not read its input; its own error says why
    child.stdin.end(input);
    const { code, stdout, stderr, why } = await ended;
    if (signal?.aborted) {
      throw signal.reason;
    }
    if (code !== 0) {
      throw new GitFailed(`git ${args[0]} failed: ${why ?? complaintOf(stderr)}`, failureOf(stderr));
    }
    return stdout.trim();
  }

  /** What git answers, or null if it says no. */
  async ask(args: readonly string[], options: RunOptions = {}): Promise<string | null> {
    try {
      return await this.run(args, options);
    } catch (error) {
      if (error instanceof GitFailed) {
        return null;
      }
      throw error;
    }
  }
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What ended git from outside. */
  readonly why?: string;
}

/** Everything that git says until it ends, or is ended with all that it started. */
function output(child: ChildProcessByStdio<Writable, Readable, Readable>, signal?: AbortSignal): Promise<Ended> {
  return new Promise((resolve) => {
    const stdout: Buffer[] = [];
    let size = 0;
    let stderr = Buffer.alloc(0);
    let why: string | undefined;
    const end = (reason: string): void => {
      why ??= reason;
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
        process.kill(-child.pid, 'SIGKILL');
      }
    };
    const abort = (): void => end('it was stopped');
    const timer = setTimeout(() => end(`it took longer than ${TIMEOUT_MS / 60_000} minutes`), TIMEOUT_MS);
    signal?.addEventListener('abort', abort, { once: true });
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_OUTPUT_BYTES) {
        end('it said too much');
      } else {
        stdout.push(chunk);
      }
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = Buffer.concat([stderr, chunk]).subarray(-MAX_COMPLAINT_BYTES);
    });
    const settle = (code: number | null): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: stderr.toString(), ...(why && { why }) });
    };
    child.once('error', ({ message }) => {
      why ??= message;
      settle(null);
    });
    child.once('close', settle);
  });
}

function environmentFor(credentials: GitCredentials): NodeJS.ProcessEnv {
  if (credentials === 'owners') {
    return ownersEnvironment();
  }
  return { ...bareEnvironment(), ...(credentials && accessThroughEnvironment(credentials)) };
}

function bareEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => KEPT.test(name));
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
}

/** With what the owner's helpers and agents need to do their part, and in silence. */
function ownersEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => OWNERS.test(name) || !NOT_FOR_GIT.test(name));
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GCM_INTERACTIVE: 'never',
    SSH_ASKPASS_REQUIRE: 'never',
  };
}

function accessThroughEnvironment({ server, token, lease }: GitAccess): NodeJS.ProcessEnv {
  const header = `http.${server.origin}/.extraHeader`;
  const credentials = Buffer.from(`agent:${token}`).toString('base64');
  const settings: [key: string, value: string][] = [
    [header, `Authorization: Basic ${credentials}`],
    ['http.followRedirects', 'false'],
    ...(lease ? [[header, `ClawTank-Lease: ${lease.taskId}/${lease.leaseId}`] satisfies [string, string]] : []),
  ];
  const numbered = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key] as const,
    [`GIT_CONFIG_VALUE_${index}`, value] as const,
  ]);
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(numbered) };
}

function failureOf(stderr: string): GitFailure {
  if (REFUSED.test(stderr)) {
    return 'push_refused';
  }
  if (NO_ACCESS.test(stderr)) {
    return 'no_access';
  }
  return INTERRUPTED.test(stderr) && !DECLINED.test(stderr) ? 'interrupted' : 'other';
}

/** What git said last; of a refused push what the other side said. */
function complaintOf(stderr: string): string {
  const lines = stderr
    .trim()
    .split('\n')
    .map((line) => line.trim().replace(/\/\/[^/\s@]*@/g, '//')) // a name or password in an address is nobody's business
    .filter((line) => line !== '' && !line.startsWith('hint:'));
  const told = lines.filter((line) => /^remote: \S|^!/.test(line));
  const said = REFUSED.test(stderr) ? told.slice(-5) : lines.slice(-3);
  return said.join(' ') || 'it did not say why';
}
