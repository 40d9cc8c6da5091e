// Only Node 20 and no dependencies here: this runs before anything is installed.
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { run } from './child-process.mjs';
import { ensureInstalled } from './install.mjs';
import { runtimeNode } from './runtime.mjs';

/**
 * Installs and builds what is missing or stale, then runs a compiled program of this repository, named by its source without
 * the extension, and ends as it ends.
 *
 * The program gets a process group of its own, so that Ctrl-C reaches it once, through us; and a channel whose end
 * (`process.on('disconnect')`) tells it that we are gone, even by `kill -9`.
 */
export async function launch(program, args) {
  await ensureInstalled();
  await ensureBuilt();
  process.exitCode = await run(runtimeNode(), ['--enable-source-maps', join('dist/api', `${program}.js`), ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
}
