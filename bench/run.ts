// The measurement: sets up what it needs, puts the same loads on the product and on bare Socket.IO, reports, and leaves nothing.
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Child } from './child.js';
import { type BenchDatabase, makeDatabase, makeDataDirectory } from './database.js';
import { DatabaseClock } from './database-cpu.js';
import { machineFacts } from './machine.js';
import { measure, type Measured, type Watched } from './measure.js';
import { type Options, readOptions, USAGE } from './options.js';
import { type Costs, readCosts } from './profile.js';
import { failuresOf, render, type Report } from './report.js';
import { seed, storedMessages } from './seed.js';
import { type Load, MEMBERS_PER_ROOM, ROOMS, type Seated } from './workload.js';

const CONNECT_MS = 180_000;
const LONGEST_MS = 30 * 60_000;
/** No limit is to be measured here but the server's own. */
const UNLIMITED = '1000000000';

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

async function run(options: Options): Promise<Report> {
  const startedAt = new Date();
  const out = options.out ?? join('bench/results', `${startedAt.toISOString().replaceAll(':', '-')}.json`);
  mkdirSync(dirname(out), { recursive: true });
  const dataDirectory = makeDataDirectory(keep);
  const database = await makeDatabase(dataDirectory, keep);
  const generator = await Child.start(
    { name: 'The load generator', program: 'bench/children/generator.ts', ready: /ready: generator/ },
    keep,
  );
  const product = await measureProduct(options, generator, database, dataDirectory, out);
  const bare = await measureBare(options, generator, product.seats);

  const report: Report = {
    startedAt: startedAt.toISOString(),
    machine: machineFacts(),
    database: database.facts,
    rooms: ROOMS,
    membersPerRoom: MEMBERS_PER_ROOM,
    loads: { product: product.loads, bare: bare.loads },
    costs: product.costs,
    failures: [...product.failures, ...bare.failures],
  };
  writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`);
  say(`Written to ${out}`);
  return report;
}

interface ProductResult {
  readonly seats: readonly Seated[];
  readonly loads: readonly Measured[];
  readonly costs: Costs | null;
  readonly failures: readonly string[];
}

async function measureProduct(
  options: Options,
  generator: Child,
  { url: databaseUrl, facts }: BenchDatabase,
  dataDirectory: string,
  out: string,
): Promise<ProductResult> {
  const jwtSecret = randomBytes(32).toString('base64url');
  say('Starting ClawTank');
  const server = await Child.start(
    {
      name: 'ClawTank',
      program: 'dist/api/apps/api/src/main.js',
      ready: /ClawTank is ready:\s+http:\/\/localhost:(\d+)/,
      env: {
        NODE_ENV: 'production',
        PORT: '0',
        PUBLIC_URL: 'http://localhost',
        DATA_DIR: join(dataDirectory, 'server'),
        DATABASE_URL: databaseUrl,
        JWT_SECRET: jwtSecret,
        ENCRYPTION_KEY: randomBytes(32).toString('hex'),
        SHOW_SETUP_LINK: 'false',
        COMMANDS_PER_MINUTE: UNLIMITED,
      },
    },
    keep,
  );
  const url = `http://127.0.0.1:${server.found[1]}`;
  say('Making people and rooms');
  const seats = await seed(url, databaseUrl, jwtSecret);
  await connect(generator, url, seats);

  const database =
    facts.kind === 'embedded' && process.platform === 'linux' ? await DatabaseClock.open(databaseUrl, keep) : null;
  const watched: Watched = { server, generator, database };
  const { loads, acknowledged, failures } = await measureAll(options, watched, 'ClawTank');
  const costs = options.profile ? await profile(options, watched, `${out.replace(/\.json$/, '')}.cpuprofile`) : null;
  const expected = acknowledged + (costs?.acknowledged ?? 0);
  const stored = await storedMessages(databaseUrl);
  const isRight = loads.some(({ unfinished }) => unfinished > 0) ? stored >= expected : stored === expected;
  await disconnect(generator, server);
  return {
    seats,
    loads,
    costs: costs?.costs ?? null,
    failures: [
      ...failures,
      ...(isRight ? [] : [`${expected} messages were acknowledged, but the database holds ${stored}`]),
    ],
  };
}

async function measureBare(options: Options, generator: Child, seats: readonly Seated[]) {
  say('Starting bare Socket.IO');
  const server = await Child.start(
    { name: 'Bare Socket.IO', program: 'bench/children/bare-server.ts', ready: /ready: http:\/\/localhost:(\d+)/ },
    keep,
  );
  await connect(generator, `http://127.0.0.1:${server.found[1]}`, seats);
  const { loads, failures } = await measureAll(options, { server, generator, database: null }, 'bare Socket.IO');
  await disconnect(generator, server);
  return { loads, failures };
}

async function connect(generator: Child, url: string, seats: readonly Seated[]): Promise<void> {
  say(`Connecting ${seats.length} members`);
  await generator.ask('connect', { url, seats }, CONNECT_MS);
}

async function disconnect(generator: Child, server: Child): Promise<void> {
  await generator.ask('disconnect', null, CONNECT_MS);
  await server.stop();
}

/** Warms the server up, then saturates it, then offers it each rate, lowest first, until one is too much to ever finish. */
async function measureAll(options: Options, watched: Watched, name: string) {
  const { seconds, warmUpSeconds, inFlight } = options;
  const warmUp = await measure(watched, { kind: 'closed', inFlight, seconds: warmUpSeconds });
  const loads: Measured[] = [];
  let { acknowledged } = warmUp;
  const rates = [...options.rates].sort((left, right) => left - right);
  const wanted: Load[] = [
    { kind: 'closed', inFlight, seconds },
    ...rates.map((perSecond) => ({ kind: 'open', perSecond, seconds }) as const),
  ];
  for (const load of wanted) {
    say(
      `Measuring ${name}: ${load.kind === 'closed' ? 'saturation' : `${load.perSecond} messages/s`} for ${seconds} s`,
    );
    const measured = await measure(watched, load);
    loads.push(measured);
    acknowledged += measured.acknowledged;
    if (measured.unfinished > 0) {
      break;
    }
  }
  return { loads, acknowledged, failures: [warmUp, ...loads].flatMap(failuresOf) };
}

async function profile(options: Options, watched: Watched, file: string) {
  const { server } = watched;
  say('Profiling ClawTank at saturation');
  await server.ask('probe.start-profile', null, CONNECT_MS);
  const { acknowledged } = await measure(watched, {
    kind: 'closed',
    inFlight: options.inFlight,
    seconds: Math.min(10, options.seconds),
  });
  await server.ask('probe.save-profile', file, CONNECT_MS);
  return { acknowledged, costs: readCosts(file) };
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
