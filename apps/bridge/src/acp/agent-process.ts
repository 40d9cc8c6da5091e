import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, type KnownProcess, signalGroup } from '../process-group.js';

const MAX_COMPLAINT = 4000;

/** What is to be started, without a shell. */
export interface AgentCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** Variables without which it would not ask for leave. What its owner has set counts. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The mode of a session in which it asks its owner for leave, for a program that may begin in another one. */
  readonly mode?: string;
  /** What has to be added so that it works in a certain folder, for a program to which being started there does not say enough. */
  argsFor?(folder: string, environment: NodeJS.ProcessEnv): Promise<readonly string[]>;
}

/** The program of an agent with all that it starts: a process group of its own, so that the whole of it can be ended. */
export class AgentProcess {
  /** Resolves, in words, with how it ended. */
  readonly ended: Promise<string>;
  private complaint = '';
  private hasEnded = false;

  private constructor(private readonly child: ChildProcessByStdio<Writable, Readable, Readable>) {
    child.stderr.on('data', (chunk: Buffer) => {
      this.complaint = (this.complaint + chunk.toString()).slice(-MAX_COMPLAINT);
    });
    child.stdin.on('error', () => undefined); // a broken pipe: how it ended says more
    child.on('error', () => undefined); // a program that is not there: `start` rejects
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.hasEnded = true;
        resolve(signal ? `was ended by ${signal}` : `ended with ${code}`);
      });
    });
  }

  /** Starts it. Rejects if there is no such program. */
  static async start(command: AgentCommand, folder: string, environment: NodeJS.ProcessEnv): Promise<AgentProcess> {
    const child = spawn(command.program, command.args, {
      cwd: folder,
      env: { ...command.environment, ...environment },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const started = new AgentProcess(child);
    await once(child, 'spawn');
    return started;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get identity(): KnownProcess | null {
    return identify(this.pid);
  }

  get input(): Writable {
    return this.child.stdin;
  }

  get output(): Readable {
    return this.child.stdout;
  }

  /** The end of what it wrote to standard error. */
  get complaints(): string {
    return this.complaint.trim();
  }

  /** Ends it and all that it started: asks, and after `graceMs` does not ask. */
  async end(graceMs: number): Promise<void> {
    if (!this.hasEnded) {
      this.child.stdin.end();
      signalGroup(this.pid, 'SIGTERM');
      await Promise.race([this.ended, delay(graceMs, undefined, { ref: false })]);
    }
    signalGroup(this.pid, 'SIGKILL'); // what it started may have outlived it
    await this.ended;
  }
}
