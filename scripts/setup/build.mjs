import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { runStep } from './child-process.mjs';
import { fingerprint } from './fingerprint.mjs';
import { runtimeNode } from './runtime.mjs';

const BUNDLE = 'scripts/setup/bundle.mjs';
const SHARED_INPUTS = ['libs', 'tsconfig.base.json', 'package-lock.json'];

/** What we build, each with a stamp of its own, so that a change in one does not rebuild the other. */
const PARTS = {
  api: {
    name: 'the API',
    command: ['node_modules/@nestjs/cli/bin/nest.js', 'build', 'api'],
    inputs: ['apps', 'migrations', 'nest-cli.json', ...SHARED_INPUTS],
    isIgnored: (path) =>
      path === 'apps/web' || path === 'apps/bridge' || path === 'apps/conformance' || path.endsWith('.spec.ts'),
    folder: 'dist/api',
    result: 'dist/api/apps/api/src/main.js',
    stamp: 'dist/api.inputs',
  },
  bridge: program('bridge', 'the bridge'),
  sdk: {
    name: 'the package of the agent SDK',
    command: ['scripts/setup/package-sdk.mjs'],
    inputs: ['scripts/setup/package-sdk.mjs', 'LICENSE', ...SHARED_INPUTS],
    isIgnored: (path) => path.endsWith('.spec.ts'),
    folder: 'dist/agent-sdk',
    result: 'dist/agent-sdk/index.js',
    stamp: 'dist/agent-sdk.inputs',
  },
  conformance: program('conformance', 'the conformance kit'),
  'openclaw-channel': {
    ...bundle('openclaw-channel', 'the OpenClaw plugin', []),
    result: 'dist/openclaw-channel/dist/index.js',
  },
  web: {
    name: 'the web client',
    command: ['node_modules/@angular/cli/bin/ng.js', 'build', '--no-progress'],
    inputs: ['apps/web', 'angular.json', ...SHARED_INPUTS],
    isIgnored: (path) => path.endsWith('.spec.ts'),
    folder: 'dist/web',
    result: 'dist/web/browser/index.html',
    stamp: 'dist/web.inputs',
  },
};

/** A program of ours for other machines, in one file. */
function program(app, name) {
  return { ...bundle(app, name, [`apps/${app}`]), result: `dist/${app}/clawtank-${app}.js` };
}

function bundle(folder, name, inputs) {
  return {
    name,
    command: [BUNDLE, folder],
    inputs: [...inputs, BUNDLE, 'LICENSE', ...SHARED_INPUTS],
    isIgnored: (path) => path.endsWith('.spec.ts'),
    folder: `dist/${folder}`,
    stamp: `dist/${folder}.inputs`,
  };
}

/** What runs when ClawTank is started. */
const SERVED = ['api', 'web'];

export const ALL_PARTS = Object.keys(PARTS);

/** Builds what was never built or whose inputs have changed since: what the server needs, or the parts named. */
export async function ensureBuilt(names = SERVED) {
  for (const name of names) await ensurePartBuilt(PARTS[name]);
}

async function ensurePartBuilt({ name, command, inputs, isIgnored, folder, result, stamp }) {
  const current = fingerprint(inputs, isIgnored);
  if (existsSync(result) && existsSync(stamp) && readFileSync(stamp, 'utf8') === current) return;

  rmSync(stamp, { force: true });
  rmSync(folder, { recursive: true, force: true });
  await runStep(`Building ${name}`, runtimeNode(), command);
  mkdirSync('dist', { recursive: true });
  writeFileSync(stamp, current);
}
