import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { NetworkCable } from '../test/platform/support/network-cable.js';
import { freePort } from '../test/support/free-port.js';
import { within } from './expect.js';

const START_MS = 10_000;

/** A Redis of our own behind a cable, so that it can be cut off, emptied and restarted without harm to anybody else. */
export class OwnRedis {
  private child: ChildProcess | null = null;

  private constructor(
    private readonly port: number,
    private readonly folder: string,
    private readonly cable: NetworkCable,
  ) {}

  static async start(): Promise<OwnRedis> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'clawtank-stress-redis-'));
    const redis = new OwnRedis(port, folder, await NetworkCable.to(`redis://127.0.0.1:${port}`));
    await redis.run();
    return redis;
  }

  /** The address by way of the cable. */
  get url(): string {
    return this.cable.url;
  }

  cut(): Promise<void> {
    return this.cable.cut();
  }

  mend(): Promise<void> {
    return this.cable.mend();
  }

  /** Forgets everything, as a Redis does that was replaced. */
  flush(): Promise<unknown> {
    return this.withClient((client) => client.flushall());
  }

  /** Kills it and starts it again, empty, after what is to happen without it. */
  async restart(meanwhile: () => Promise<void>): Promise<void> {
    await this.kill();
    await meanwhile();
    await this.run();
  }

  async stop(): Promise<void> {
    await this.cable.cut();
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(): Promise<void> {
    const options = { bind: '127.0.0.1', port: this.port, save: '', appendonly: 'no', dir: this.folder };
    this.child = spawn(
      'redis-server',
      Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
      { stdio: 'ignore', detached: true },
    );
    await within(START_MS, 'a Redis of our own starts', () =>
      this.withClient((client) => client.ping()).catch(() => null),
    );
  }

  private async kill(): Promise<void> {
    const { child } = this;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  }

  private async withClient<Answer>(ask: (client: Redis) => Promise<Answer>): Promise<Answer> {
    const client = new Redis(this.port, '127.0.0.1', { lazyConnect: true, retryStrategy: null });
    client.on('error', () => undefined); // the failing command reports it
    try {
      await client.connect();
      return await ask(client);
    } finally {
      client.disconnect();
    }
  }
}
