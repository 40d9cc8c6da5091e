import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const PATIENCE_MS = 120_000;
const ROOT = join('dist', 'api');

/** Another program of this repository, running beside the demo. */
export class Program {
  private output = '';

  constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
  ) {
    const hear = (chunk: Buffer) => (this.output += chunk.toString());
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
  }

  /** Waits until the program has written what `pattern` matches; answers its first group. */
  async says(pattern: RegExp): Promise<string> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const match = pattern.exec(this.output);
      if (match) {
        return match[1] ?? match[0];
      }
      if (this.hasEnded || Date.now() > deadline) {
        throw new Error(`${this.name} ${this.hasEnded ? 'ended' : 'is too slow'}:\n${this.output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async stop(): Promise<void> {
    if (!this.hasEnded) {
      this.child.kill('SIGTERM');
      await once(this.child, 'exit');
    }
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}

/** Starts a compiled program, named by its source without the extension. It ends with this process, whatever ends that. */
export function startProgram(program: string, environment: Readonly<Record<string, string>>): Program {
  const child = spawn(process.execPath, ['--enable-source-maps', join(ROOT, `${program}.js`)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
  });
  return new Program(program, child);
}
