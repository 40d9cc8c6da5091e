import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The version that the plugin is shown to work with. `OPENCLAW_VERSION=latest` looks at what came after it. */
const VERSION = '2026.9.6';
const INSTALL_MS = 600_000;

/** OpenClaw as npm has it, some 650 MB, outside of the repository and installed once: answers the file to run. */
export async function openClawProgram(): Promise<string> {
  const version = process.env['OPENCLAW_VERSION'] ?? VERSION;
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, 'clawtank', `openclaw-${version}`);
  const program = join('node_modules', 'openclaw', 'openclaw.mjs');
  if (!existsSync(join(folder, program))) {
    const draft = `${folder}.${process.pid}`;
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true });
    await writeFile(join(draft, 'package.json'), '{ "private": true }');
    await run('npm', ['install', '--no-audit', '--no-fund', `openclaw@${version}`], {
      cwd: draft,
      timeout: INSTALL_MS,
      maxBuffer: 20_000_000,
    });
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
  }
  return join(folder, program);
}
