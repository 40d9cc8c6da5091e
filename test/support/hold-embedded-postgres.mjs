// Runs an embedded PostgreSQL in the folder named by the first argument until it is killed, so that a test can kill it.
import './typescript-imports.mjs';

const { startEmbeddedPostgres } = await import('../../apps/api/src/platform/embedded/embedded-postgres.ts');

try {
  const { url } = await startEmbeddedPostgres(process.argv[2]);
  process.send({ url });
} catch (error) {
  process.send({ error: { name: error.name, message: error.message } });
  process.disconnect();
}
