import { rmSync } from 'node:fs';

/** Jest runs this once after the last integration or end-to-end test. */
export default async function tearDown() {
  const own = globalThis.clawtankTestPostgres;
  if (!own) return;
  await own.postgres.stop();
  rmSync(own.dataDir, { recursive: true, force: true });
}
