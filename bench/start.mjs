// `npm run bench`: measures the built server. Arguments are those of options.ts.
import { ensureBuilt } from '../scripts/setup/build.mjs';
import { run } from '../scripts/setup/child-process.mjs';
import { ensureInstalled } from '../scripts/setup/install.mjs';
import { runtimeNode } from '../scripts/setup/runtime.mjs';

await ensureInstalled();
await ensureBuilt(['api']);
process.exitCode = await run(
  runtimeNode(),
  ['--import', './test/support/typescript-imports.mjs', 'bench/run.ts', ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
