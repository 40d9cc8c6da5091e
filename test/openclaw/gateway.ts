import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../support/free-port.js';
import { eventually } from '../support/people.js';
import { openClawProgram } from './openclaw-package.js';

const run = promisify(execFile);

const PLUGIN = resolve('dist/openclaw-channel');
const START_MS = 180_000;
const COMMAND_MS = 120_000;
const STOP_MS = 30_000;

export interface GatewayOptions {
  /** Where the model answers. */
  readonly modelUrl: string;
  /** `channels.clawtank`; null for a gateway without the plugin. */
  readonly channel: object | null;
  /** `tools`. */
  readonly tools?: object;
  /** What else its configuration says, once the plugin is installed. */
  readonly more?: object;
  readonly environment?: Readonly<Record<string, string>>;
}

/** OpenClaw's gateway with the plugin installed by its path, in a folder of its own; it can be killed and started again. */
export class Gateway {
  output = '';
  private child: ChildProcess | null = null;

  private constructor(
    private readonly program: string,
    readonly folder: string,
    private readonly signOfLife: string,
    private readonly added: Readonly<Record<string, string>>,
  ) {}

  /** An empty state folder, with the settings as a user would write them, and the plugin installed as the README says. */
  static async set({ modelUrl, channel, tools, more, environment = {} }: GatewayOptions): Promise<Gateway> {
    const folder = mkdtempSync(join(tmpdir(), 'clawtank-openclaw-'));
    const signOfLife = channel ? '[clawtank] connected as' : '[gateway] ready';
    const gateway = new Gateway(await openClawProgram(), folder, signOfLife, environment);
    for (const name of ['home', 'state', 'workspace']) {
      mkdirSync(join(folder, name));
    }
    writeFileSync(gateway.configPath, JSON.stringify(await settings(folder, modelUrl, tools)));
    if (!channel) {
      return gateway;
    }
    await gateway.command('plugins', 'install', PLUGIN, '--force', '--accept-capabilities');
    await gateway.configure({
      channels: { clawtank: { enabled: true, ...channel } },
      plugins: { entries: { clawtank: { enabled: true } } },
      ...more,
    });
    return gateway;
  }

  get workspace(): string {
    return join(this.folder, 'workspace');
  }

  get log(): string {
    const file = join(this.folder, 'openclaw.log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** `openclaw …`, as its user runs it. */
  async command(...args: readonly string[]): Promise<string> {
    const running = run(process.execPath, [this.program, ...args], {
      env: this.environment,
      timeout: COMMAND_MS,
      maxBuffer: 20_000_000,
    });
    running.child.stdin?.end();
    return (await running).stdout;
  }

  /** `openclaw config patch --stdin`. */
  async configure(patch: object): Promise<void> {
    const running = run(process.execPath, [this.program, 'config', 'patch', '--stdin'], {
      env: this.environment,
      timeout: COMMAND_MS,
    });
    running.child.stdin?.end(JSON.stringify(patch));
    await running;
  }

  /** How `sh` starts it, for whoever wants to do that instead; what was added to its environment is as in that shell's own. */
  get startCommand(): string {
    const variables = Object.entries(this.environment).map(([name, value = '']) =>
      name in this.added ? `${name}="$${name}"` : `${name}=${quoted(value)}`,
    );
    const program = [process.execPath, this.program, 'gateway', 'run'].map(quoted);
    return ['env', '-i', ...variables, ...program].join(' ');
  }

  /** Starts it, and waits until it can be talked to, and so many agents are connected. */
  async start(agents = 1): Promise<void> {
    this.output = '';
    const child = spawn(process.execPath, [this.program, 'gateway', 'run'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: this.environment,
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
    await eventually(() => {
      if (child.exitCode !== null) {
        throw new Error(`The gateway ended with ${child.exitCode}:\n${this.output}`);
      }
      return this.output.split(this.signOfLife).length > agents;
    }, START_MS).catch((error: Error) => {
      throw new Error(`${error.message}. The gateway said:\n${this.output}`);
    });
  }

  /** `kill -9`, with all that it started. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Asks it to stop; answers its exit code. */
  async stop(): Promise<number | null> {
    return this.end('SIGTERM');
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const { child } = this;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) {
      return child?.exitCode ?? null;
    }
    const ended = once(child, 'close');
    process.kill(signal === 'SIGKILL' ? -child.pid : child.pid, signal);
    const impatience = setTimeout(() => process.kill(-(child.pid as number), 'SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(impatience);
    return child.exitCode;
  }

  private get configPath(): string {
    return join(this.folder, 'state', 'openclaw.json');
  }

  /** With which its programs find it. */
  get environment(): NodeJS.ProcessEnv {
    return {
      PATH: process.env['PATH'],
      HOME: join(this.folder, 'home'),
      TMPDIR: this.folder,
      OPENCLAW_STATE_DIR: join(this.folder, 'state'),
      OPENCLAW_CONFIG_PATH: this.configPath,
      OPENCLAW_HIDE_BANNER: '1',
      NO_COLOR: '1',
      ...this.added,
    };
  }
}

/** One word of a command for `sh`. */
const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** A gateway that speaks to nobody but the model and ClawTank. */
async function settings(folder: string, modelUrl: string, tools?: object): Promise<object> {
  const model = {
    id: 'scripted-1',
    name: 'Scripted',
    reasoning: false,
    input: ['text'],
    cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    contextWindow: 128_000,
    maxTokens: 4096,
  };
  return {
    gateway: {
      mode: 'local',
      port: await freePort(),
      bind: 'loopback',
      auth: { mode: 'token', token: randomBytes(16).toString('hex') },
      controlUi: { enabled: false },
    },
    discovery: { mdns: { mode: 'off' } },
    update: { checkOnStart: false },
    logging: { file: join(folder, 'openclaw.log') },
    tools: { toolSearch: false, ...tools },
    agents: {
      defaults: {
        workspace: join(folder, 'workspace'),
        skipBootstrap: true,
        model: { primary: 'scripted/scripted-1' },
      },
    },
    models: {
      mode: 'replace',
      providers: {
        scripted: { baseUrl: modelUrl, apiKey: 'none', api: 'openai-completions', models: [model] },
      },
    },
  };
}
