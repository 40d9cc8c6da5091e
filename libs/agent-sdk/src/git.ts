import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Lease } from '@clawtank/contracts';

const run = promisify(execFile);
const TIMEOUT_MS = 300_000;
const MAX_OUTPUT_BYTES = 50_000_000;

/** Over whatever a repository's own configuration says. */
const CONFIGURED = ['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'core.quotePath=false', 'gc.auto=0'].flatMap(
  (setting) => ['-c', setting],
);
/** What git needs to start, and what says how this machine reaches others and whom it believes. */
const KEPT = /^(?:PATH|HOME|(?:https?|no|all)_proxy|SSL_CERT_(?:FILE|DIR)|GIT_SSL_CAINFO|GIT_SSL_CAPATH)$/i;

/** Git ended with an error; the message is what it said. */
export class GitFailed extends Error {}

/** What lets git in at one server: the agent's own token. */
export interface GitAccess {
  readonly server: URL;
  readonly token: string;
  /** The lease under which something is pushed: the server takes in nothing under one that has ended. */
  readonly lease?: Pick<Lease, 'taskId' | 'leaseId'>;
}

interface RunOptions {
  readonly input?: string | Buffer;
  readonly signal?: AbortSignal;
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Runs git in one folder. The token, if there is one, is given to git in its environment, for addresses of the server alone: it is in
 * no argument list, no configuration file and no address. The user's own git configuration and the repository's hooks have no say.
 */
export class Git {
  constructor(
    readonly folder: string,
    private readonly access: GitAccess | null = null,
  ) {}

  /** The same access in another folder. */
  in(folder: string): Git {
    return new Git(folder, this.access);
  }

  /** The same access, for pushing what belongs to a leased task. */
  under({ taskId, leaseId }: Pick<Lease, 'taskId' | 'leaseId'>): Git {
    return new Git(this.folder, this.access && { ...this.access, lease: { taskId, leaseId } });
  }

  async run(args: readonly string[], { input = '', signal, environment = {} }: RunOptions = {}): Promise<string> {
    const running = run('git', [...CONFIGURED, ...args], {
      cwd: this.folder,
      env: { ...bareEnvironment(), ...(this.access && accessThroughEnvironment(this.access)), ...environment },
      timeout: TIMEOUT_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
      signal,
    });
    running.child.stdin?.on('error', () => undefined); // git that ends early does not read its input; its own error says why
    running.child.stdin?.end(input);
    try {
      return (await running).stdout.trim();
    } catch (error) {
      if (signal?.aborted) {
        throw signal.reason;
      }
      throw new GitFailed(`git ${args[0]} failed: ${complaintOf(error)}`);
    }
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

function complaintOf(error: unknown): string {
  const { stderr = '', message } = error as { stderr?: string; message: string };
  const said = stderr
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('hint:'))
    .slice(-3)
    .join(' ');
  return said || message;
}
