// `npm run stress`: holds the built server to its delivery contract. Arguments are those of options.ts.
import { ensureBuilt } from '../scripts/setup/build.mjs';
import { run } from '../scripts/setup/child-process.mjs';
import { ensureInstalled } from '../scripts/setup/install.mjs';
import { runtimeNode } from '../scripts/setup/runtime.mjs';

await ensureInstalled();
await ensureBuilt(['api']);
process.exitCode = await run(
  runtimeNode(),
  [
    '--experimental-transform-types', // the helpers of the tests, which are shared, use parameter properties
    '--disable-warning=ExperimentalWarning',
    '--import',
    './test/support/typescript-imports.mjs',
    'stress/run.ts',
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);
