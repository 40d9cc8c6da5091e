import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const TIMEOUT_MS = 120_000;
const MAX_OUTPUT_BYTES = 20_000_000;

/** Git ended with an error; the message is what it said. */
export class GitFailed extends Error {}

/** Who writes the commits. */
export interface GitIdentity {
  readonly name: string;
  readonly email: string;
}

/**
 * Runs git in one folder. The token is given to git in its environment, for addresses of the server alone: it is in no argument
 * list, no configuration file and no address. The user's own git configuration and the repository's hooks have no say.
 */
export class Git {
  constructor(
    private readonly folder: string,
    private readonly server: URL,
    private readonly token: string,
  ) {}

  in(folder: string): Git {
    return new Git(folder, this.server, this.token);
  }

  async run(
    args: readonly string[],
    options: { input?: string; as?: GitIdentity; signal?: AbortSignal } = {},
  ): Promise<string> {
    const { input, as, signal } = options;
    const running = run('git', ['-c', 'core.hooksPath=/dev/null', '-c', 'core.quotePath=false', ...args], {
      cwd: this.folder,
      env: { ...this.environment(), ...(as && identity(as)) },
      timeout: TIMEOUT_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
      signal,
    });
    running.child.stdin?.on('error', () => undefined); // git that ends early does not read its input; its own error says why
    running.child.stdin?.end(input ?? '');
    try {
      return (await running).stdout.trim();
    } catch (error) {
      if (signal?.aborted) {
        throw error;
      }
      const { stderr = '' } = error as { stderr?: string };
      const said = stderr
        .trim()
        .split('\n')
        .filter((line) => !line.startsWith('hint:'))
        .slice(-3)
        .join(' ');
      throw new GitFailed(`git ${args[0]} failed: ${said || (error as Error).message}`);
    }
  }

  /** What git answers, or null if it says no. */
  async ask(args: readonly string[]): Promise<string | null> {
    try {
      return await this.run(args);
    } catch (error) {
      if (error instanceof GitFailed) {
        return null;
      }
      throw error;
    }
  }

  private environment(): NodeJS.ProcessEnv {
    const credentials = Buffer.from(`agent:${this.token}`).toString('base64');
    return {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      LC_ALL: 'C',
      GIT_TERMINAL_PROMPT: '0',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: `http.${this.server.origin}/.extraHeader`,
      GIT_CONFIG_VALUE_0: `Authorization: Basic ${credentials}`,
      GIT_CONFIG_KEY_1: 'http.followRedirects',
      GIT_CONFIG_VALUE_1: 'false',
    };
  }
}

function identity({ name, email }: GitIdentity): NodeJS.ProcessEnv {
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email };
}
