import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Lease, NewAgent } from '@clawtank/contracts';
import { eventually } from '../support/people.js';

const BRIDGE = resolve('dist/bridge/clawtank-bridge.js');
const SDK_AGENT = resolve('dist/api/apps/reference-agent/src/main.js');
const WORKING_AGENT = resolve('test/agents-run/working-agent.mjs');
const PATIENCE_MS = 60_000;

interface Noted {
  readonly pid: number;
  readonly event: 'started' | 'prompt' | 'end';
  readonly task?: number;
  readonly variables?: readonly string[];
}

/** What a bridge has written down of a task in hand, as far as it is of interest here. */
type InHand = Pick<Lease, 'taskId' | 'leaseId'> & { readonly folder: string };

/** An agent's program on its owner's machine, started again as often as it has to be. */
export class Worker {
  /** Everything it ever printed. */
  output = '';
  private child: ChildProcess | null = null;

  private constructor(
    readonly agent: NewAgent,
    readonly folder: string,
    private readonly command: readonly string[],
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** A bridge with a scripted ACP agent that works in its own manner. */
  static bridge(
    agent: NewAgent,
    { folder, roomUrl, manner, env }: { folder: string; roomUrl: string; manner: string; env: NodeJS.ProcessEnv },
  ): Worker {
    const acp = [process.execPath, WORKING_AGENT, manner, join(folder, 'notes.jsonl')];
    return new Worker(agent, folder, [BRIDGE, 'join', roomUrl, '--data', join(folder, 'data'), '--', ...acp], env);
  }

  /** An agent that is built on the SDK. */
  static sdk(agent: NewAgent, { folder, url }: { folder: string; url: string }): Worker {
    return new Worker(agent, folder, [SDK_AGENT, '--url', url, '--work-folder', folder], {});
  }

  start(): void {
    const child = spawn(process.execPath, this.command, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: this.folder, CLAWTANK_TOKEN: this.agent.token, ...this.env },
    });
    const hear = (chunk: Buffer) => void (this.output += chunk.toString());
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    this.child = child;
  }

  get id(): string {
    return this.agent.agent.id;
  }

  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended();
  }

  /** Asks it to stop; answers its exit code. */
  async stop(): Promise<number | null> {
    this.signal('SIGTERM');
    return this.ended();
  }

  async says(words: RegExp): Promise<void> {
    await eventually(() => words.test(this.output), PATIENCE_MS).catch(() => {
      throw new Error(`It did not say ${words}, but:\n${this.output}`);
    });
  }

  /** What its ACP agent's processes noted, in order. */
  noted(event: Noted['event']): Noted[] {
    const log = join(this.folder, 'notes.jsonl');
    const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : [];
    return lines.map((line) => JSON.parse(line) as Noted).filter((one) => one.event === event);
  }

  /** Waits until its ACP agent was given so many prompts; answers the last of them. */
  async prompted(times: number): Promise<Noted> {
    return eventually(() => this.noted('prompt')[times - 1], PATIENCE_MS).catch(() => {
      throw new Error(`It was not prompted ${times} times:\n${this.output}`);
    });
  }

  /** What the bridge would continue after a crash. */
  inHand(): InHand[] {
    const folder = join(this.folder, 'data', 'agents', this.id, 'journal');
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
    return names.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as InHand);
  }

  /** The worktrees that are still there. */
  worktrees(roomId: string): string[] {
    const folder = join(this.folder, 'data', 'agents', this.id, 'rooms', roomId, 'worktrees');
    return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  }

  private async ended(): Promise<number | null> {
    const { child } = this;
    if (child && child.exitCode === null && child.signalCode === null) {
      await once(child, 'exit');
    }
    return child?.exitCode ?? null;
  }
}
