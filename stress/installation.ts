import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CreateRoom, NewAgent, NewInvitation, Room, RoomEventType, RoomState } from '@clawtank/contracts';
import pg from 'pg';
import { freePort } from '../test/support/free-port.js';
import { seedPeople, type SeededPerson } from '../test/support/seeded-people.js';
import { request } from '../test/support/people.js';
import { RoomClient, type RoomClientOptions } from './client/room-client.js';
import { WireSocket } from './client/wire-socket.js';
import { equal, within } from './expect.js';
import { OwnRedis } from './redis.js';
import type { InstallationOptions, Stage } from './scenario.js';
import { Server } from './server.js';
import type { Surroundings } from './surroundings.js';

/** What one process may hold of PostgreSQL's hundred connections, so that all groups find room. */
const POOL_SIZE = '5';
const QUERY_CONNECTIONS = 2;
/** No limit is to be met here but where a scenario is about it. */
const UNLIMITED = '1000000000';
const REQUESTS_AT_ONCE = 8;
const OUTBOX_MS = 30_000;

export type Person = SeededPerson;

/** One entry of a room's log as the database has it. */
export interface Entry {
  readonly seq: number;
  readonly id: string;
  readonly type: RoomEventType;
  readonly publicSeq: number | null;
}

/** Two API processes on one database and one Redis, with people to fill them. */
export class Installation {
  private people = 0;

  private constructor(
    readonly left: Server,
    readonly right: Server,
    readonly redis: OwnRedis | null,
    private readonly databaseUrl: string,
    private readonly jwtSecret: string,
    private readonly database: pg.Pool,
  ) {}

  static async start(
    surroundings: Surroundings,
    { env = {}, redis: kind }: InstallationOptions,
    keep: Stage['keep'],
  ): Promise<Installation> {
    const { url, drop } = await surroundings.createDatabase();
    keep(drop);
    const { prefix, empty } = surroundings.redisPrefix();
    keep(empty);
    const redis = kind === 'own' ? await OwnRedis.start() : null;
    keep(async () => redis?.stop());
    const database = new pg.Pool({ connectionString: url, max: QUERY_CONNECTIONS });
    database.on('error', () => undefined); // dropping the database ends idle connections
    keep(() => database.end());

    const jwtSecret = randomBytes(32).toString('base64url');
    const folder = mkdtempSync(join(tmpdir(), 'clawtank-stress-'));
    keep(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    const serverEnv = {
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://clawtank.example',
      DATA_DIR: folder, // both processes serve the same repositories
      DATABASE_URL: url,
      DATABASE_POOL_SIZE: POOL_SIZE,
      REDIS_URL: redis?.url ?? surroundings.redisUrl,
      REDIS_PREFIX: prefix,
      JWT_SECRET: jwtSecret,
      ENCRYPTION_KEY: randomBytes(32).toString('hex'),
      SHOW_SETUP_LINK: 'false',
      LOG_LEVEL: 'error',
      COMMANDS_PER_MINUTE: UNLIMITED,
      SIGN_IN_ATTEMPTS: UNLIMITED,
      REGISTRATION: 'open',
      REGISTRATIONS_PER_HOUR: UNLIMITED,
      ...env,
    };
    const left = new Server('left', await freePort(), serverEnv);
    const right = new Server('right', await freePort(), serverEnv);
    keep(async () => {
      await Promise.all([left.kill(), right.kill()]);
    });
    await left.start(); // migrates; that both may do so at once is the tests' business
    await right.start();
    return new Installation(left, right, redis, url, jwtSecret, database);
  }

  get servers(): readonly [Server, Server] {
    return [this.left, this.right];
  }

  /** New people with accounts and sessions. */
  async newPeople(count: number): Promise<Person[]> {
    const names = Array.from({ length: count }, () => `person-${++this.people}`);
    return seedPeople(this.databaseUrl, this.jwtSecret, names);
  }

  /** A room whose first member is its host. */
  async newRoom(members: readonly Person[], room: Partial<CreateRoom> = {}): Promise<Room> {
    const [host, ...others] = members;
    if (!host) {
      throw new Error('A room needs a host');
    }
    const created = await this.rest<Room>(host, 'POST', '/api/rooms', { name: `Room of ${host.username}`, ...room });
    if (others.length > 0) {
      const { token } = await this.rest<NewInvitation>(host, 'POST', `/api/rooms/${created.id}/invitations`, {});
      await eachOf(others, (guest) => this.rest(guest, 'POST', `/api/invitations/${token}/accept`));
    }
    return created;
  }

  /** An agent of `owner` with a seat in the room. */
  async newAgent(owner: Person, roomId: string, name: string): Promise<NewAgent> {
    const created = await this.rest<NewAgent>(owner, 'POST', '/api/agents', { name });
    await this.rest(owner, 'POST', `/api/rooms/${roomId}/agents/${created.agent.id}`);
    return created;
  }

  rest<Answer>(person: Person, method: string, path: string, body?: unknown, server = this.left): Promise<Answer> {
    return request<Answer>(server.url, method, path, { token: person.token, ...(body !== undefined && { body }) });
  }

  /** A socket in `/`, which is closed when the scenario is over. */
  async socket(stage: Pick<Stage, 'keep'>, person: Person, server: Server): Promise<WireSocket> {
    const socket = await WireSocket.open({ url: server.url, auth: { token: person.token } });
    stage.keep(() => socket.cut());
    return socket;
  }

  /** Somebody who follows a room, as a client should. */
  async follow(
    stage: Pick<Stage, 'keep' | 'random'>,
    person: Person,
    roomId: string,
    server: Server,
    options: RoomClientOptions = {},
  ): Promise<RoomClient> {
    const client = new RoomClient(
      () => server.url,
      person.token,
      roomId,
      stage.random.fork(stage.random.word()),
      options,
    );
    stage.keep(() => client.close());
    await client.joined();
    return client;
  }

  async query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.database.query<Row>(sql, values)).rows;
  }

  /** Does `work` while the room is held as by a transaction that changes it: whatever else is to change it waits. */
  async holding(roomId: string, work: () => Promise<void>): Promise<void> {
    const client = await this.database.connect();
    try {
      await client.query('BEGIN');
      await client.query(`SELECT FROM rooms WHERE id = $1 FOR NO KEY UPDATE`, [roomId]);
      await work();
    } finally {
      await client.query('COMMIT');
      client.release();
    }
  }

  /** Whether a transaction waits for another one right now. */
  async hasWaiting(): Promise<boolean> {
    const rows = await this.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows.length > 0;
  }

  /** The room's log, which is the truth. */
  async log(roomId: string): Promise<Entry[]> {
    const rows = await this.query<{ seq: string; id: string; type: RoomEventType; public_seq: string | null }>(
      `SELECT seq, id, type, public_seq FROM room_events WHERE room_id = $1 ORDER BY seq`,
      [roomId],
    );
    return rows.map(({ seq, id, type, public_seq }) => ({
      seq: Number(seq),
      id,
      type,
      publicSeq: public_seq === null ? null : Number(public_seq),
    }));
  }

  /** Checks that the log has no gap and no tie. */
  async gapless(roomId: string): Promise<Entry[]> {
    const log = await this.log(roomId);
    equal(
      'the log counts from 1 without gaps and ties',
      log.map(({ seq }) => seq),
      log.map((_, index) => index + 1),
    );
    return log;
  }

  snapshot(person: Person, roomId: string, server: Server): Promise<RoomState> {
    return this.rest<RoomState>(person, 'GET', `/api/rooms/${roomId}/state`, undefined, server);
  }

  /**
   * The law: what every client has made of its snapshot and the entries since equals a fresh snapshot from either process, and
   * the entries it was sent are exactly those of the database, each once.
   */
  async verify(person: Person, roomId: string, clients: readonly RoomClient[], withinMs = 10_000): Promise<void> {
    const log = await this.gapless(roomId);
    const head = log.length;
    for (const client of clients) {
      await within(
        withinMs,
        `${client.name} reaches the head of the log, ${head}`,
        () => client.seq >= head,
        () => client.seq,
      );
      client.verifyAgainst(log);
    }
    for (const server of this.servers.filter(({ isRunning }) => isRunning)) {
      // Something may still be added, such as the room's repository: then the comparison waits for it.
      const fresh = await within(withinMs, `all clients are where a snapshot of ${server.name} is`, async () => {
        const snapshot = await this.snapshot(person, roomId, server);
        return clients.every(({ seq }) => seq === snapshot.seq) && snapshot;
      });
      for (const client of clients) {
        equal(`what ${client.name} has equals a fresh snapshot of ${server.name}`, client.state, fresh);
      }
    }
  }

  /** Waits until the servers have done what is left to do after answering, such as making repositories. */
  async settled(): Promise<void> {
    await within(OUTBOX_MS, 'the outbox is emptied', async () => {
      const [row] = await this.query<{ waiting: string }>(`SELECT count(*) AS waiting FROM outbox`);
      return row?.waiting === '0';
    });
  }
}

export async function eachOf<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
  atOnce = REQUESTS_AT_ONCE,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const [index, item] of waiting) {
        results[index] = await work(item, index);
      }
    }),
  );
  return results;
}
