import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const INSTALL_MS = 600_000;

/** A package as npm has it, outside of the repository and installed once: answers the folder that holds its `node_modules`. */
export async function installedPackage(name: string, version: string): Promise<string> {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, 'clawtank', `${name.replace(/^@/, '').replace('/', '-')}-${version}`);
  if (!existsSync(folder)) {
    const draft = `${folder}.${process.pid}`;
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true });
    await writeFile(join(draft, 'package.json'), '{ "private": true }');
    await run('npm', ['install', '--no-audit', '--no-fund', `${name}@${version}`], {
      cwd: draft,
      timeout: INSTALL_MS,
      maxBuffer: 20_000_000,
    });
    await rename(draft, folder).catch(async (error: Error) => {
      if (!existsSync(folder)) {
        throw error;
      }
      await rm(draft, { recursive: true }); // somebody else was faster
    });
  }
  return folder;
}
