import type { Child } from './child.js';
import type { Usage } from './children/probe.js';
import { type DatabaseClock, type DatabaseCpu, usedBetween } from './database-cpu.js';
import { loadAverage, machineBusyMs, machineCores } from './machine.js';
import type { GeneratorEvent, Load, LoadResult } from './workload.js';

/** Above this share of one core a single-threaded process is what limits. */
const SATURATED = 0.85;
/** Above this share of all its cores the machine is. */
const MACHINE_SATURATED = 0.9;

/** Cores in use during the window of a load, and the event loops' lateness. */
export interface Control {
  /** All processes of the server together. */
  readonly serverCores: number;
  readonly generatorCores: number;
  /** Null where it cannot be known: with a database of somebody else's, or none. */
  readonly databaseCores: number | null;
  /** Whatever else ran on the machine, PostgreSQL too if its own share is not known. */
  readonly otherCores: number;
  readonly serverMegabytes: number;
  readonly serverLag: Usage['lag'];
  readonly generatorLag: Usage['lag'];
  readonly loadAverage: number;
  readonly limitedBy: 'generator' | 'server' | 'machine' | 'waiting';
}

export interface Measured extends LoadResult {
  readonly control: Control;
}

interface Moment {
  readonly at: number;
  readonly machineMs: number;
  readonly servers: readonly Usage[];
  readonly generator: Usage;
  readonly database: DatabaseCpu | null;
}

/** The processes that are looked at. */
export interface Watched {
  readonly servers: readonly Child[];
  readonly generator: Child;
  readonly database: DatabaseClock | null;
}

/** Beyond the window: the generator's own patience with what is still under way, and some more. */
const PATIENCE_MS = 120_000;

/** Puts a load on the server, and looks at all processes when its window opens and closes. */
export async function measure(watched: Watched, load: Load): Promise<Measured> {
  const { generator } = watched;
  const moments: Promise<Moment>[] = [];
  generator.listen((event) => {
    if (event === ('window-opened' satisfies GeneratorEvent) || event === ('window-closed' satisfies GeneratorEvent)) {
      moments.push(look(watched));
    }
  });
  const result = await generator.ask<LoadResult>('measure', load, load.seconds * 1000 + PATIENCE_MS);
  const [opened, closed] = await Promise.all(moments);
  if (!opened || !closed) {
    throw new Error('The generator did not say when its window was');
  }
  return { ...result, control: compare(opened, closed) };
}

async function look({ servers, generator, database }: Watched): Promise<Moment> {
  const [at, machineMs] = [performance.now(), machineBusyMs()];
  const [serverUsages, generatorUsage, databaseUsage] = await Promise.all([
    Promise.all(servers.map((server) => server.usage())),
    generator.usage(),
    database?.read() ?? null,
  ]);
  return { at, machineMs, servers: serverUsages, generator: generatorUsage, database: databaseUsage };
}

function compare(opened: Moment, closed: Moment): Control {
  const cores = ({ cpuMs, atMs }: Usage, before?: Usage) =>
    before ? (cpuMs - before.cpuMs) / (atMs - before.atMs) : 0;
  const milliseconds = closed.at - opened.at;
  const eachServer = closed.servers.map((usage, index) => cores(usage, opened.servers[index]));
  const serverCores = sum(eachServer);
  const generatorCores = cores(closed.generator, opened.generator);
  const databaseCores =
    opened.database && closed.database ? usedBetween(opened.database, closed.database) / milliseconds : null;
  const busyCores = (closed.machineMs - opened.machineMs) / milliseconds;
  const [first] = closed.servers;
  return {
    serverCores,
    generatorCores,
    databaseCores,
    otherCores: Math.max(0, busyCores - serverCores - generatorCores - (databaseCores ?? 0)),
    serverMegabytes: sum(closed.servers.map(({ residentBytes }) => residentBytes)) / 2 ** 20,
    serverLag: first?.lag ?? { p50: 0, p99: 0, max: 0 },
    generatorLag: closed.generator.lag,
    loadAverage: loadAverage(),
    limitedBy:
      generatorCores > SATURATED
        ? 'generator'
        : Math.max(...eachServer) > SATURATED
          ? 'server'
          : busyCores > MACHINE_SATURATED * machineCores()
            ? 'machine'
            : 'waiting',
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
