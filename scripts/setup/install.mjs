// Only Node 20 and no dependencies here: this runs before anything is installed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runStep } from './child-process.mjs';
import { fingerprint } from './fingerprint.mjs';
import { isRuntimeInstalled, requireUsableNode } from './runtime.mjs';

const LOCK = 'package-lock.json';
/** npm's own record of what it put into node_modules. */
const INSTALLED = 'node_modules/.package-lock.json';
/** Ours: the lock file that node_modules is known to match, so that a warm start need not compare them. */
const STAMP = 'node_modules/.clawtank-lock';

/** Installs the dependencies unless node_modules holds exactly what the lock file says. */
export async function ensureInstalled() {
  requireUsableNode();
  const wanted = `${process.platform}-${process.arch} ${fingerprint([LOCK])}`;
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted && isRuntimeInstalled()) return;

  if (!matchesLock()) {
    const path = withoutInstalledPrograms(process.env.PATH);
    await runStep('Installing dependencies', 'npm', ['ci', '--include=dev'], { ...process.env, PATH: path });
  }
  writeFileSync(STAMP, wanted);
}

/** Whether somebody ran `npm ci` or `npm install` by hand. */
function matchesLock() {
  if (!existsSync(INSTALLED) || !isRuntimeInstalled()) return false;
  const wanted = packagesOf(LOCK);
  const installed = packagesOf(INSTALLED);
  return (
    Object.entries(wanted).every(([path, entry]) =>
      path in installed ? installed[path].version === entry.version : entry.optional || path === '',
    ) && Object.keys(installed).every((path) => path in wanted)
  );
}

function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

/** npm replaces node_modules, so it must not run on the Node inside. */
function withoutInstalledPrograms(path) {
  const programs = join(process.cwd(), 'node_modules', '.bin');
  return path
    .split(delimiter)
    .filter((folder) => folder !== programs)
    .join(delimiter);
}
