import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { REDIS } from '../platform/bus/redis.js';
import { SETTINGS, type Settings } from '../platform/config/settings.js';
import type { Connection } from '../platform/sockets/connection.js';
import { ConnectionHooks } from '../platform/sockets/connection-hooks.js';
import { MemberBroadcast } from './member-broadcast.js';

/** An open connection: whose it is, and which rooms it follows. */
export interface MappedConnection {
  readonly id: string;
  readonly process: string;
  readonly type: 'human' | 'agent';
  readonly memberId: string;
  readonly roomIds: readonly string[];
}

const REPORT_MS = 10_000;
/** Several reports may be late before a process counts as gone. */
const REPORT_TTL_MS = 35_000;

/**
 * Who is connected to which process and follows which rooms, over all processes: the `connections` hash of the specification,
 * one for each process, which replaces it with every report and which expires if it does not. For those who run the server.
 */
@Injectable()
export class ConnectionMap implements OnApplicationShutdown {
  private readonly logger = new Logger(ConnectionMap.name);
  private readonly process = randomUUID().slice(0, 8);
  private readonly open = new Set<Connection>();
  private readonly reporter: NodeJS.Timeout | undefined;

  constructor(
    private readonly broadcast: MemberBroadcast,
    @Inject(REDIS) private readonly redis: Redis | null,
    @Inject(SETTINGS) private readonly settings: Settings,
    hooks: ConnectionHooks,
  ) {
    hooks.add({
      opened: (connection) => this.open.add(connection),
      closed: (connection) => this.open.delete(connection),
    });
    this.reporter = redis ? setInterval(() => void this.report(redis), REPORT_MS).unref() : undefined;
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.reporter);
    await this.redis?.del(this.keyOf(this.process)).catch(() => undefined); // it expires by itself
  }

  /** This process's as they are, the others' as they were at most some seconds ago; without Redis, or while it is away, only this one's. */
  async read(): Promise<MappedConnection[]> {
    const others = this.redis ? await this.readOthers(this.redis).catch(() => []) : [];
    return [...this.readOwn(), ...others];
  }

  private readOwn(): MappedConnection[] {
    return [...this.open].map((connection) => ({
      id: connection.id,
      process: this.process,
      type: connection.caller.type,
      memberId: connection.caller.id,
      roomIds: this.broadcast.roomsOf(connection),
    }));
  }

  private async report(redis: Redis): Promise<void> {
    const key = this.keyOf(this.process);
    const entries = this.readOwn().flatMap(({ id, type, memberId, roomIds }) => [
      id,
      `${type}:${memberId}:${roomIds.join(',')}`,
    ]);
    const change = redis.multi().del(key);
    if (entries.length > 0) {
      change.hset(key, ...entries).pexpire(key, REPORT_TTL_MS);
    }
    change.zadd(this.processesKey, Date.now(), this.process);
    await change.exec().catch((error: unknown) => this.logger.warn((error as Error).message));
  }

  private async readOthers(redis: Redis): Promise<MappedConnection[]> {
    await redis.zremrangebyscore(this.processesKey, '-inf', Date.now() - REPORT_TTL_MS);
    const processes = (await redis.zrange(this.processesKey, 0, -1)).filter((each) => each !== this.process);
    const pages = await Promise.all(processes.map((process) => redis.hgetall(this.keyOf(process))));
    return processes.flatMap((process, index) =>
      Object.entries(pages[index] ?? {}).map(([id, text]) => parseConnection(id, process, text)),
    );
  }

  private keyOf(process: string): string {
    return `${this.settings.redisPrefix}connections:${process}`;
  }

  private get processesKey(): string {
    return `${this.settings.redisPrefix}connections`;
  }
}

function parseConnection(id: string, process: string, text: string): MappedConnection {
  const [type, memberId = '', rooms = ''] = text.split(':');
  return {
    id,
    process,
    type: type === 'agent' ? 'agent' : 'human',
    memberId,
    roomIds: rooms === '' ? [] : rooms.split(','),
  };
}
