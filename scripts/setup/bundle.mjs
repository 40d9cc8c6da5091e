// `node scripts/setup/bundle.mjs <package>` makes of one of our packages a folder in `dist` that npm can publish, with nothing to install:
// a program of `apps` as one file that needs nothing but Node 20, or the plugin that OpenClaw loads.
import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

// Some of what is bundled was written for `require`.
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const SHARED = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  tsconfig: 'tsconfig.base.json',
  logLevel: 'warning',
};
const NOT_NEEDED = ['bufferutil', 'utf-8-validate']; // ws does without them

const PACKAGES = {
  bridge: program,
  conformance: program,
  'openclaw-channel': openClawPlugin,
};

const [name] = process.argv.slice(2);
const out = join('dist', name);
mkdirSync(out, { recursive: true });
await PACKAGES[name](name);

async function program(app) {
  await build({
    ...SHARED,
    entryPoints: [`apps/${app}/src/main.ts`],
    outfile: join(out, `clawtank-${app}.js`),
    target: 'node20',
    banner: { js: `#!/usr/bin/env node\n${REQUIRE}` },
    external: NOT_NEEDED,
  });
  copy(`apps/${app}/package.json`, `apps/${app}/README.md`, 'LICENSE');
}

/** OpenClaw installs no dependencies of a plugin that is installed from a folder, and loads its own modules for it. */
async function openClawPlugin(library) {
  await build({
    ...SHARED,
    entryPoints: ['index', 'setup-entry', 'secret-contract-api'].map((entry) => `libs/${library}/src/${entry}.ts`),
    outdir: join(out, 'dist'),
    splitting: true,
    target: 'node24',
    banner: { js: REQUIRE },
    external: [...NOT_NEEDED, 'openclaw/*'],
  });
  copy(...['package.json', 'openclaw.plugin.json', 'README.md'].map((file) => `libs/${library}/${file}`), 'LICENSE');
}

function copy(...files) {
  for (const file of files) copyFileSync(file, join(out, basename(file)));
}
