import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import {
  DataDirectoryInUse,
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from './platform/embedded/embedded-postgres.js';
import { generatedSecrets } from './platform/config/generated-secrets.js';
import { readEnvironment, type Settings, SettingsProblem, toSettings } from './platform/config/settings.js';
import { createPino, NestLogger } from './platform/logging/logger.js';
import { createApp } from './bootstrap.js';
import { announceStart } from './welcome.js';

/** sysexits.h: the configuration is wrong. */
const EX_CONFIG = 78;
const DRAIN_MS = 15_000;

// On a single core the threads that would help to collect the young generation only wait for each other: pauses of 20 ms, not 6.
if (availableParallelism() === 1) {
  setFlagsFromString('--no-parallel-scavenge');
}

let embedded: EmbeddedPostgres | undefined;

async function settle(): Promise<Settings> {
  const environment = readEnvironment(process.env, process.argv.slice(2));
  const secrets =
    environment.JWT_SECRET && environment.ENCRYPTION_KEY
      ? { jwtSecret: environment.JWT_SECRET, encryptionKey: environment.ENCRYPTION_KEY }
      : { ...generatedSecrets(environment.DATA_DIR), ...given(environment) };
  if (!environment.DATABASE_URL) {
    embedded = await startEmbeddedPostgres(environment.DATA_DIR);
  }
  return toSettings(environment, { ...secrets, databaseUrl: environment.DATABASE_URL ?? embedded?.url ?? '' });
}

function given({ JWT_SECRET, ENCRYPTION_KEY }: ReturnType<typeof readEnvironment>) {
  return { ...(JWT_SECRET && { jwtSecret: JWT_SECRET }), ...(ENCRYPTION_KEY && { encryptionKey: ENCRYPTION_KEY }) };
}

async function start(): Promise<void> {
  const stopped = stopRequested();
  const settings = await settle();
  reportBugs(settings);
  const app = await createApp(settings);
  try {
    await app.listen(settings.port, settings.host);
    await announceStart(app, settings);
    await stopped;
  } finally {
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    await app.close();
  }
}

/** What nobody caught ends the process, and is logged as all bugs are: Node would print a failed query's values along with it. */
function reportBugs(settings: Settings): void {
  const log = new NestLogger(createPino(settings));
  process.once('uncaughtException', (error) => {
    log.fatal(error);
    process.exit(1);
  });
}

/** Resolves when somebody wants the process to end: by a signal, or because the launcher that started it is gone. */
function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) {
      process.on(signal, () => resolve());
    }
    if (process.send && !process.connected) {
      resolve();
    }
  });
}

/** What went wrong, for the person who started the process. */
function explain(error: unknown): number {
  const isExpected = error instanceof SettingsProblem || error instanceof DataDirectoryInUse;
  console.error(isExpected ? error.message : error);
  return error instanceof SettingsProblem ? EX_CONFIG : 1;
}

const exitCode = await start().then(() => 0, explain);
await embedded?.stop();
process.exit(exitCode);
