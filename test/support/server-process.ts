import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_MS = 60_000;
const MAIN = 'dist/api/apps/api/src/main.js';

/** A server in a process of its own, which can be killed. */
export class ServerProcess {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly dataDir: string,
    readonly output: () => string,
  ) {}

  /** Starts the built API, which the set-up of the tests has built, on a free port. */
  static async start(env: Readonly<Record<string, string>>): Promise<ServerProcess> {
    const dataDir = env['DATA_DIR'] ?? mkdtempSync(join(tmpdir(), 'clawtank-process-'));
    const child = spawn(process.execPath, ['--enable-source-maps', MAIN], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        PORT: '0',
        DATA_DIR: dataDir,
        LOG_LEVEL: 'error',
        COMMANDS_PER_MINUTE: '1000000',
        REGISTRATIONS_PER_HOUR: '1000000',
        ...env,
      },
    });
    let output = '';
    const url = await new Promise<string>((resolve, reject) => {
      const patience = setTimeout(() => reject(new Error(`The server did not start:\n${output}`)), START_MS);
      const hear = (chunk: Buffer) => {
        output += chunk.toString();
        const [, address] = /ClawTank is ready:\s+(http\S+)/.exec(output) ?? [];
        if (address !== undefined) {
          clearTimeout(patience);
          // With a port of its own choice it says which; with a given one it tells the public address.
          resolve(`http://127.0.0.1:${env['PORT'] ?? new URL(address).port}`);
        }
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${output}`)));
    });
    return new ServerProcess(url, child, dataDir, () => output);
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Asks it to stop; answers its exit code. */
  async stop(): Promise<number | null> {
    await this.end('SIGTERM');
    return this.child.exitCode;
  }

  removeData(): void {
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill(signal);
      await once(this.child, 'exit');
    }
  }
}
