// The measurement: sets up what it needs, puts the same loads on the product and on its baselines, reports, and leaves nothing.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Redis } from 'ioredis';
import { Child } from './child.js';
import { type BenchDatabase, makeDatabase, makeDataDirectory, withClient } from './database.js';
import { DatabaseClock } from './database-cpu.js';
import { machineFacts, separateCores } from './machine.js';
import { measure, type Measured } from './measure.js';
import { type Options, type Part, readOptions, USAGE } from './options.js';
import { readCosts } from './profile.js';
import { failuresOf, render, type Report, type Result } from './report.js';
import { seed, storedMessages } from './seed.js';
import { anySeats, makeSecrets, NAMES, startBaseline, startProduct, type Subject } from './subjects.js';
import {
  type ClosedLoop,
  type Connected,
  type ConnectRequest,
  type Load,
  MEMBERS_PER_ROOM,
  type Seated,
} from './workload.js';

const CONNECT_MS = 300_000;
const LONGEST_MS = 30 * 60_000;
const FAN_OUT_IN_FLIGHT = 16;
const CONNECTING_AT_ONCE = 50;
const RETURNING_AT_ONCE = 1000;
/** Entries that everybody missed who comes back. */
const MISSED = 20;
/** Names somebody who is not there: nothing follows from it, but it takes the product's ordinary way, a transaction of its own. */
const TO_NOBODY = '@nobody-at-all I have looked at the failing test; it hands out its number too early.';
/** What a slower disk adds to each commit. */
const SLOW_COMMIT_US = 2000;
const LOCAL_REDIS = 'redis://127.0.0.1:6379';

type Release = () => void | Promise<void>;

/** What has to be undone, last first, however this ends. */
const releases: Release[] = [];
let isReleasing = false;

function keep(release: Release): void {
  if (isReleasing) {
    void release();
  } else {
    releases.push(release);
  }
}

async function releaseAll(): Promise<void> {
  isReleasing = true;
  for (let release = releases.pop(); release; release = releases.pop()) {
    await Promise.resolve()
      .then(release)
      .catch((error: unknown) => console.error(error));
  }
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** One run: what all its parts share, and what they found. */
class Bench {
  readonly results: Result[] = [];
  readonly failures: string[] = [];
  /** Open at the moment. */
  private sockets = 0;
  /** By the product, since it was started. */
  private acknowledged = 0;
  private readonly secrets = makeSecrets();
  private readonly options: Options;
  private readonly generator: Child;
  private readonly database: BenchDatabase;
  private readonly databaseClock: DatabaseClock | null;
  private readonly dataDirectory: string;
  private readonly out: string;

  constructor(
    options: Options,
    generator: Child,
    database: BenchDatabase,
    databaseClock: DatabaseClock | null,
    dataDirectory: string,
    out: string,
  ) {
    this.options = options;
    this.generator = generator;
    this.database = database;
    this.databaseClock = databaseClock;
    this.dataDirectory = dataDirectory;
    this.out = out;
  }

  /** One room of N, everybody hears everything. The product's rooms are small, so its broadcaster runs in a server of its own. */
  async fanOut(): Promise<void> {
    const { seconds, rounds, receivers } = this.options.fanOut;
    for (const count of receivers) {
      for (let round = 0; round < rounds; round++) {
        for (const kind of ['ws', 'direct', 'socket.io'] as const) {
          const subject = await startBaseline(kind, keep);
          await this.connect(subject, anySeats(1, count), count);
          await this.measure(subject, 'fan-out', { kind: 'closed', inFlight: FAN_OUT_IN_FLIGHT, seconds }, count);
          await this.finish(subject);
        }
      }
    }
  }

  /** Full rooms: the same rates for all, then as much as each server takes, then everybody at once after a cut. */
  async usualRooms(): Promise<void> {
    const { rooms, rates, seconds } = this.options;
    const closed = this.closedLoop(rooms.usual);
    const open = [...rates]
      .sort((one, other) => one - other)
      .map((perSecond): Load => ({ kind: 'open', perSecond, seconds }));

    await this.withProduct(rooms.usual, async (subject, seats) => {
      const sockets = await this.connect(subject, seats, MEMBERS_PER_ROOM);
      if (this.wants('latency')) {
        for (const load of open) {
          await this.measure(subject, 'latency', load, MEMBERS_PER_ROOM);
        }
      }
      if (this.wants('ingest')) {
        await this.measure(subject, 'ingest', closed, MEMBERS_PER_ROOM);
        const ordinary: Subject = { ...subject, name: 'product by transaction' };
        await this.measure(ordinary, 'ingest', { ...closed, text: TO_NOBODY }, MEMBERS_PER_ROOM);
      }
      if (this.wants('connections')) {
        if (!this.wants('ingest') && !this.wants('latency')) {
          await this.measure(subject, 'connections', this.somethingToMiss(), MEMBERS_PER_ROOM);
        }
        await this.comeBack(subject, seats, sockets);
      }
      if (this.options.profile) {
        await this.profile(subject);
      }
    });

    const seats = anySeats(rooms.usual, MEMBERS_PER_ROOM);
    if (this.wants('ingest') || this.wants('connections')) {
      const bare = await startBaseline('socket.io', keep);
      await this.connect(bare, seats, MEMBERS_PER_ROOM);
      if (this.wants('ingest')) {
        await this.measure(bare, 'ingest', closed, MEMBERS_PER_ROOM);
      }
      if (this.wants('connections')) {
        await this.comeBack(bare, seats, null);
      }
      await this.finish(bare);
    }
    if (this.wants('ingest')) {
      await this.ingestByTransaction(seats);
    }
    if (this.wants('ingest') || this.wants('latency')) {
      const direct = await startBaseline('direct', keep);
      await this.connect(direct, seats, MEMBERS_PER_ROOM);
      if (this.wants('latency')) {
        for (const load of open) {
          await this.measure(direct, 'latency', load, MEMBERS_PER_ROOM);
        }
      }
      if (this.wants('ingest')) {
        await this.measure(direct, 'ingest', closed, MEMBERS_PER_ROOM);
      }
      await this.finish(direct);
    }
  }

  /** Many sockets: what each costs while nothing happens, how fast they come, and the same load as before spread over all. */
  async manyRooms(): Promise<void> {
    const { rooms } = this.options;
    const closed = this.closedLoop(rooms.usual);
    const measureAll = async (subject: Subject, seats: readonly Seated[]) => {
      await this.connectCounted(subject, seats);
      if (this.wants('ingest')) {
        await this.measure(subject, 'ingest', closed, MEMBERS_PER_ROOM);
      }
    };
    await this.withProduct(rooms.many, measureAll);
    const bare = await startBaseline('socket.io', keep);
    await measureAll(bare, anySeats(rooms.many, MEMBERS_PER_ROOM));
    await this.finish(bare);
  }

  /** The same rate on one process, on one with Redis, and on two, whose members share rooms. */
  async processes(): Promise<void> {
    const redisUrl = await reachableRedis();
    if (redisUrl === null) {
      say('No Redis answers: leaving out the part with two processes');
      return;
    }
    const [perSecond = 1000] = this.options.rates;
    for (const count of [1, 2]) {
      const several = { processes: count, redisUrl };
      await this.withProduct(
        this.options.rooms.usual,
        async (subject, seats) => {
          await this.connect(subject, seats, MEMBERS_PER_ROOM);
          await this.measure(
            subject,
            'processes',
            { kind: 'open', perSecond, seconds: this.options.seconds },
            MEMBERS_PER_ROOM,
          );
        },
        several,
      );
    }
  }

  /** A disk that takes two milliseconds more to write a commit down. */
  async slowDisk(): Promise<void> {
    if (this.database.facts.kind !== 'embedded') {
      say('The database is somebody else’s: leaving out the slow disk');
      return;
    }
    const { rooms } = this.options;
    await this.alterDatabase(
      `ALTER SYSTEM SET commit_delay = ${SLOW_COMMIT_US}`,
      'ALTER SYSTEM SET commit_siblings = 0',
    );
    await this.withProduct(rooms.usual, async (subject, seats) => {
      await this.connect(subject, seats, MEMBERS_PER_ROOM);
      await this.measure(subject, 'slow-disk', this.closedLoop(rooms.usual), MEMBERS_PER_ROOM);
    });
    await this.ingestByTransaction(anySeats(rooms.usual, MEMBERS_PER_ROOM), 'slow-disk');
    await this.alterDatabase('ALTER SYSTEM RESET commit_delay', 'ALTER SYSTEM RESET commit_siblings');
  }

  /** As much as a server takes: unless the options say otherwise, every member has one message under way. */
  private closedLoop(rooms: number): ClosedLoop {
    const { inFlight, seconds } = this.options;
    return { kind: 'closed', inFlight: inFlight ?? rooms * MEMBERS_PER_ROOM, seconds };
  }

  /** Each room says as much as those who come back will have missed. */
  private somethingToMiss(): Load {
    return { kind: 'open', perSecond: this.options.rooms.usual * MISSED, seconds: 1 };
  }

  private wants(part: Part): boolean {
    return this.options.only.includes(part);
  }

  private async ingestByTransaction(seats: readonly Seated[], part: Part = 'ingest'): Promise<void> {
    const subject = await startBaseline('transaction', keep, this.database.url);
    await this.connect(subject, seats, MEMBERS_PER_ROOM);
    await this.measure(subject, part, this.closedLoop(this.options.rooms.usual), MEMBERS_PER_ROOM);
    await this.finish(subject);
  }

  /** Measures the product in rooms of its own, and compares what was acknowledged with what the database holds. */
  private async withProduct(
    rooms: number,
    work: (subject: Subject, seats: readonly Seated[]) => Promise<void>,
    several?: { readonly processes: number; readonly redisUrl: string },
  ): Promise<void> {
    const subject = await startProduct(this.database, this.secrets, this.dataDirectory, keep, several);
    const seats = await seed(this.database.url, this.secrets.jwtSecret, rooms);
    this.acknowledged = 0;
    await work(subject, seats);
    const stored = await storedMessages(this.database.url, seats);
    if (stored !== this.acknowledged) {
      this.failures.push(`${this.acknowledged} messages were acknowledged, but the database holds ${stored}`);
    }
    await this.finish(subject);
  }

  private async connect(
    { name, urls }: Subject,
    seats: readonly Seated[],
    membersPerRoom: number,
    rest: Partial<ConnectRequest> = {},
  ): Promise<Connected> {
    say(`Connecting ${seats.length} sockets to ${NAMES[name]}`);
    this.sockets = seats.length;
    const request: ConnectRequest = { urls, seats, membersPerRoom, atOnce: CONNECTING_AT_ONCE, ...rest };
    return this.generator.ask<Connected>('connect', request, CONNECT_MS);
  }

  private async measure(subject: Subject, part: Part, load: Load, membersPerRoom: number): Promise<Measured> {
    const watched = { servers: subject.processes, generator: this.generator, database: this.databaseClock };
    const warmUp = await measure(watched, { ...load, seconds: this.options.warmUpSeconds });
    say(
      `${part}: ${NAMES[subject.name]}, ${load.kind === 'closed' ? 'as much as it takes' : `${load.perSecond} messages/s`}`,
    );
    const measured = await measure(watched, load);
    this.acknowledged += warmUp.acknowledged + measured.acknowledged;
    this.failures.push(...[warmUp, measured].flatMap((result) => failuresOf(NAMES[subject.name], result)));
    this.results.push({
      kind: 'load',
      part,
      subject: subject.name,
      processes: subject.processes.length,
      receivers: membersPerRoom,
      sockets: this.sockets,
      measured,
    });
    return measured;
  }

  /** Cuts everybody off and lets them come back at once. */
  private async comeBack(subject: Subject, seats: readonly Seated[], before: Connected | null): Promise<void> {
    await this.generator.ask('disconnect', null, CONNECT_MS);
    const places = before && (await this.placesOf(before));
    const connected = await this.connect(subject, seats, MEMBERS_PER_ROOM, {
      atOnce: RETURNING_AT_ONCE,
      ...(places && { places, missed: MISSED }),
    });
    this.results.push({
      kind: 'return',
      subject: subject.name,
      sockets: seats.length,
      missed: places ? MISSED : 0,
      connected,
    });
  }

  /** Just so far behind the head that each has the same number of entries to catch up with. */
  private placesOf({ places }: Connected): Promise<Connected['places']> {
    return withClient(this.database.url, async (client) => {
      const { rows } = await client.query<{ id: string; last_seq: string }>(
        'SELECT id, last_seq FROM rooms WHERE id = ANY($1::uuid[])',
        [places.map(({ roomId }) => roomId)],
      );
      const heads = new Map(rows.map(({ id, last_seq: head }) => [id, Number(head)]));
      return places.map((place) => ({ ...place, lastSeq: (heads.get(place.roomId) ?? 0) - MISSED }));
    });
  }

  private async connectCounted(subject: Subject, seats: readonly Seated[]): Promise<void> {
    const [server] = subject.processes;
    if (!server) {
      return;
    }
    // What the first connections cost once and for all is no cost of the others.
    const first = Math.ceil(seats.length / MEMBERS_PER_ROOM / 10) * MEMBERS_PER_ROOM;
    await this.connect(subject, seats.slice(0, first), MEMBERS_PER_ROOM);
    await this.generator.ask('disconnect', null, CONNECT_MS);
    const before = await server.settled();
    const connected = await this.connect(subject, seats, MEMBERS_PER_ROOM);
    const after = await server.settled();
    this.results.push({
      kind: 'idle',
      subject: subject.name,
      sockets: seats.length,
      connected,
      bytesEach: (after.residentBytes - before.residentBytes) / seats.length,
      heapBytesEach: (after.heapBytes - before.heapBytes) / seats.length,
    });
  }

  private async finish({ processes }: Subject): Promise<void> {
    await this.generator.ask('disconnect', null, CONNECT_MS);
    await Promise.all(processes.map((child) => child.stop()));
  }

  private async profile({ name, processes }: Subject): Promise<void> {
    const [server] = processes;
    const file = `${this.out.replace(/\.json$/, '')}.cpuprofile`;
    say(`Profiling ${NAMES[name]} at saturation`);
    await server?.ask('probe.start-profile', null, CONNECT_MS);
    const watched = { servers: processes, generator: this.generator, database: this.databaseClock };
    const load = this.closedLoop(this.options.rooms.usual);
    const { acknowledged } = await measure(watched, { ...load, seconds: Math.min(10, load.seconds) });
    this.acknowledged += acknowledged;
    await server?.ask('probe.save-profile', file, CONNECT_MS);
    this.results.push({ kind: 'costs', subject: name, costs: readCosts(file) });
  }

  private alterDatabase(...statements: readonly string[]): Promise<void> {
    return withClient(this.database.url, async (client) => {
      for (const statement of [...statements, 'SELECT pg_reload_conf()']) {
        await client.query(statement);
      }
    });
  }
}

async function reachableRedis(): Promise<string | null> {
  const url = process.env['REDIS_URL'] ?? LOCAL_REDIS;
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => undefined); // the failing command says it
  try {
    await redis.connect();
    return url;
  } catch {
    return null;
  } finally {
    redis.disconnect();
  }
}

async function run(options: Options): Promise<Report> {
  const startedAt = new Date();
  const out = options.out ?? join('bench/results', `${startedAt.toISOString().replaceAll(':', '-')}.json`);
  mkdirSync(dirname(out), { recursive: true });
  const hasOwnCore = separateCores();
  const dataDirectory = makeDataDirectory(keep);
  const database = await makeDatabase(dataDirectory, keep);
  const isOurs = database.facts.kind === 'embedded' && process.platform === 'linux';
  const databaseClock = isOurs ? await DatabaseClock.open(database.url, keep) : null;
  const generator = await Child.start(
    { name: 'The load generator', program: 'bench/children/generator.ts', ready: /ready: generator/ },
    keep,
  );
  const bench = new Bench(options, generator, database, databaseClock, dataDirectory, out);
  const { only } = options;
  const parts: [isWanted: boolean, part: () => Promise<void>][] = [
    [
      only.some((part) => ['ingest', 'latency', 'connections'].includes(part)) || options.profile,
      () => bench.usualRooms(),
    ],
    [only.includes('slow-disk'), () => bench.slowDisk()],
    [only.includes('processes'), () => bench.processes()],
    [only.includes('connections'), () => bench.manyRooms()],
    [only.includes('fan-out'), () => bench.fanOut()],
  ];
  for (const [isWanted, part] of parts) {
    if (isWanted) {
      // What was measured before is worth telling, whatever became of this.
      await part().catch((error: unknown) => bench.failures.push((error as Error).message));
    }
  }
  const report: Report = {
    startedAt: startedAt.toISOString(),
    seconds: Math.round((Date.now() - startedAt.getTime()) / 1000),
    machine: machineFacts(),
    hasOwnCore,
    database: database.facts,
    results: bench.results,
    failures: bench.failures,
  };
  writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`);
  say(`Written to ${out}`);
  return report;
}

/** Fails when somebody wants this to end, or it takes too long. */
function interruption(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => reject(new Error(`Stopped by ${signal}`)));
    }
    setTimeout(() => reject(new Error('This took too long')), LONGEST_MS).unref();
  });
}

let options: Options | null = null;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  console.error(`${(error as Error).message}\n\n${USAGE}`);
  process.exit(2);
}
if (!options) {
  console.log(USAGE);
  process.exit(0);
}
const exitCode = await Promise.race([run(options), interruption()]).then(
  (report) => {
    console.log(render(report));
    return report.failures.length === 0 ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  },
);
await releaseAll();
process.exit(exitCode);
