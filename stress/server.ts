import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Broken } from './expect.js';

const MAIN = 'dist/api/apps/api/src/main.js';
const READY = /ClawTank is ready:/;
const START_MS = 60_000;
const KEPT_OUTPUT = 50_000;

export interface Memory {
  readonly resident: number;
  readonly heap: number;
  /** Outside the heap: what waits in buffers. */
  readonly external: number;
}

/** One API process of the built server, at one address for as long as it is started again and again. */
export class Server {
  private child: ChildProcess | null = null;
  private output = '';
  private isWanted = false;

  constructor(
    readonly name: string,
    readonly port: number,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get isRunning(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** It ended though nobody ended it. */
  get hasCrashed(): boolean {
    return this.isWanted && !this.isRunning;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** What it printed since it was last started. */
  get log(): string {
    return this.output;
  }

  /** How it ended, and what it printed last. */
  get lastWords(): string {
    return `ended with ${this.child?.exitCode ?? this.child?.signalCode}: ${this.output.slice(-3000)}`;
  }

  async start(): Promise<void> {
    const child = spawn(
      process.execPath,
      ['--enable-source-maps', '--expose-gc', '--import', './stress/children/probe.mjs', MAIN],
      {
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        detached: true, // Ctrl-C in the terminal is for the harness, which ends its children itself
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...this.env, PORT: String(this.port) },
      },
    );
    this.child = child;
    this.isWanted = true;
    this.output = '';
    await new Promise<void>((resolve, reject) => {
      const patience = setTimeout(() => reject(this.broken('starts', 'a line that says it is ready')), START_MS);
      const hear = (chunk: Buffer) => {
        this.output = (this.output + chunk.toString()).slice(-KEPT_OUTPUT);
        if (READY.test(this.output)) {
          clearTimeout(patience);
          resolve();
        }
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      child.once('error', reject);
      child.once('exit', () => {
        clearTimeout(patience);
        reject(this.broken('stays up while it starts', 'a running process'));
      });
    });
  }

  /** Stops it where it stands: it neither reads nor writes any more, and can only be killed. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Asks it to stop; answers with its exit code and how long it took. */
  async stop(): Promise<{ code: number | null; milliseconds: number }> {
    const started = performance.now();
    await this.end('SIGTERM');
    return { code: this.child?.exitCode ?? null, milliseconds: performance.now() - started };
  }

  /** What the process holds after it has collected its garbage. */
  async memory(): Promise<Memory> {
    const { child } = this;
    if (!child?.connected) {
      throw this.broken('can be asked for its memory', 'a running process');
    }
    const answer = once(child, 'message');
    child.send('memory');
    return ((await answer) as [Memory])[0];
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this;
    this.isWanted = false;
    if (child && this.isRunning) {
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    }
  }

  private broken(what: string, expected: string): Broken {
    return new Broken(`the process ${this.name} ${what}`, expected, this.output.slice(-3000));
  }
}
