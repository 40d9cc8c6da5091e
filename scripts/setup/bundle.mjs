// `node scripts/setup/bundle.mjs <app>` makes of `apps/<app>` one file that needs nothing but Node 20, in a folder that npm can publish.
import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

// Some of what is bundled was written for `require`.
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const [app] = process.argv.slice(2);
const out = `dist/${app}`;

await build({
  entryPoints: [`apps/${app}/src/main.ts`],
  outfile: `${out}/clawtank-${app}.js`,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  tsconfig: 'tsconfig.base.json',
  banner: { js: `#!/usr/bin/env node\n${REQUIRE}` },
  external: ['bufferutil', 'utf-8-validate'], // ws does without them
  logLevel: 'warning',
});
mkdirSync(out, { recursive: true });
for (const file of [`apps/${app}/package.json`, `apps/${app}/README.md`, 'LICENSE']) {
  copyFileSync(file, join(out, basename(file)));
}
