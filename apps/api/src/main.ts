import { type EmbeddedPostgres, startEmbeddedPostgres } from './platform/embedded/embedded-postgres.js';
import { generatedSecrets } from './platform/config/generated-secrets.js';
import { readEnvironment, type Settings, SettingsProblem, toSettings } from './platform/config/settings.js';
import { createApp } from './bootstrap.js';
import { announceStart } from './welcome.js';

/** sysexits.h: the configuration is wrong. */
const EX_CONFIG = 78;
const DRAIN_MS = 15_000;

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
  const settings = await settle();
  const app = await createApp(settings);

  let isStopping = false;
  const stop = async (): Promise<void> => {
    if (isStopping) {
      return;
    }
    isStopping = true;
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    await app.close();
    await embedded?.stop();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) {
    process.on(signal, () => void stop());
  }

  await app.listen(settings.port, settings.host);
  await announceStart(app, settings);
}

start().catch(async (error: unknown) => {
  await embedded?.stop();
  const isOurs = error instanceof SettingsProblem || (error as { name?: string }).name === 'DataDirectoryInUse';
  console.error(isOurs ? (error as Error).message : error);
  process.exit(error instanceof SettingsProblem ? EX_CONFIG : 1);
});
