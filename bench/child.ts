import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Usage } from './children/probe.js';
import { giveFirstCore } from './machine.js';

const START_MS = 120_000;
const STOP_MS = 20_000;
const KEPT_OUTPUT = 20_000;

export interface ChildOptions {
  readonly name: string;
  /** The program, a path from the root of the repository. */
  readonly program: string;
  readonly args?: readonly string[];
  /** What it prints when it is ready. */
  readonly ready: RegExp;
  /** True for what is measured: it gets a core of its own, if there is one to give. */
  readonly isSubject?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

type Answer = { readonly id: number; readonly result?: unknown; readonly error?: string } | { readonly event: string };

/** A process of the measurement: asked over IPC, watched by the probe, and ended by its own id. */
export class Child {
  /** What the pattern for readiness found. */
  readonly found: RegExpExecArray;
  private readonly name: string;
  private readonly process: ChildProcess;
  private readonly waiting = new Map<number, (answer: Extract<Answer, { id: number }>) => void>();
  private lastId = 0;
  private onEvent: (event: string) => void = () => undefined;

  private constructor(name: string, process: ChildProcess, found: RegExpExecArray, output: () => string) {
    this.name = name;
    this.process = process;
    this.found = found;
    process.once('exit', () => {
      for (const [id, settle] of this.waiting) {
        settle({ id, error: `ended before it answered:\n${output()}` });
      }
    });
    process.on('message', (message: Answer) => {
      if ('event' in message) {
        this.onEvent(message.event);
      } else {
        this.waiting.get(message.id)?.(message);
      }
    });
  }

  /** Starts a program and waits until it is ready. `keep` gets the way to end it before anything can go wrong. */
  static async start(options: ChildOptions, keep: (stop: () => Promise<void>) => void): Promise<Child> {
    const { name, program, args = [], ready, isSubject = false, env = {} } = options;
    const imports = ['./test/support/typescript-imports.mjs', './bench/children/probe.ts'];
    const child = spawn(
      process.execPath,
      ['--enable-source-maps', '--expose-gc', ...imports.flatMap((path) => ['--import', path]), program, ...args],
      {
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        detached: true, // Ctrl-C in the terminal is for the harness, which ends its children itself
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      },
    );
    keep(() => stop(child));
    if (isSubject && child.pid !== undefined) {
      giveFirstCore(child.pid);
    }
    let output = '';
    const found = await new Promise<RegExpExecArray>((resolve, reject) => {
      const patience = setTimeout(() => reject(new Error(`${name} did not start:\n${output}`)), START_MS);
      const hear = (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
        const match = ready.exec(output);
        if (match) {
          clearTimeout(patience);
          resolve(match);
        }
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      child.once('error', reject);
      child.once('exit', (code, signal) => reject(new Error(`${name} ended with ${code ?? signal}:\n${output}`)));
    });
    return new Child(name, child, found, () => output);
  }

  /** Asks the process to do something. Fails if it does not answer in time, or ends. */
  async ask<Result>(name: string, argument: unknown, milliseconds: number): Promise<Result> {
    const id = ++this.lastId;
    const patience = AbortSignal.timeout(milliseconds);
    try {
      return await new Promise<Result>((resolve, reject) => {
        patience.addEventListener('abort', () => reject(new Error(`${this.name} did not answer ${name} in time`)));
        this.waiting.set(id, ({ result, error }) =>
          error === undefined ? resolve(result as Result) : reject(new Error(`${this.name}: ${error}`)),
        );
        this.process.send({ id, name, argument });
      });
    } finally {
      this.waiting.delete(id);
    }
  }

  usage(): Promise<Usage> {
    return this.ask<Usage>('probe.usage', null, 30_000);
  }

  /** What it uses once it has collected its garbage. */
  settled(): Promise<Usage> {
    return this.ask<Usage>('probe.settled', null, 60_000);
  }

  /** Who hears of the events that the process tells from now on. */
  listen(onEvent: (event: string) => void): void {
    this.onEvent = onEvent;
  }

  stop(): Promise<void> {
    return stop(this.process);
  }
}

/** Asks a process to end; insists after a while. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
    return;
  }
  const ended = once(child, 'exit');
  const insist = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(insist);
}
