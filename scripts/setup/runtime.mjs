// Only Node 20 and no dependencies here: this runs before anything is installed.
import { existsSync, readFileSync } from 'node:fs';

const LAUNCHER_NEEDS = [20, 0];
const SERVER_NEEDS = [24, 15];

const INSTALLED_NODE = 'node_modules/.bin/node';

/** Ends this process with an explanation when the machine's own Node cannot take us further. */
export function requireUsableNode() {
  if (!isAtLeast(LAUNCHER_NEEDS)) {
    exit(`ClawTank needs Node ${LAUNCHER_NEEDS[0]} or newer to install itself, this is ${process.version}.`);
  }
  if (!isAtLeast(SERVER_NEEDS) && !comesWithNode()) {
    exit(
      `ClawTank runs on Node ${SERVER_NEEDS.join('.')} or newer, this is ${process.version}. ` +
        `npm has no Node for ${process.platform}-${process.arch}: please install one from https://nodejs.org.`,
    );
  }
}

/** The Node that runs the product and its tools: the one npm installed or, on platforms without, the machine's own. */
export function runtimeNode() {
  return isRuntimeInstalled() && comesWithNode() ? INSTALLED_NODE : process.execPath;
}

/** Whether the Node for this platform has been installed, if there is one. */
export function isRuntimeInstalled() {
  return existsSync(INSTALLED_NODE) || !comesWithNode();
}

function comesWithNode() {
  const { optionalDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  return `node-${process.platform}-${process.arch}` in optionalDependencies;
}

function isAtLeast([major, minor]) {
  const [ourMajor, ourMinor] = process.versions.node.split('.').map(Number);
  return ourMajor > major || (ourMajor === major && ourMinor >= minor);
}

function exit(explanation) {
  console.error(explanation);
  process.exit(1);
}
