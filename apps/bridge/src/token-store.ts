import { readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The tokens of agents, one for each server, in files that only their owner can read. */
export class TokenStore {
  constructor(private readonly folder: string) {}

  get(server: URL): string | null {
    try {
      return readFileSync(this.pathOf(server), 'utf8').trim() || null;
    } catch {
      return null;
    }
  }

  async keep(server: URL, token: string): Promise<void> {
    if (this.get(server) === token) {
      return;
    }
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const path = this.pathOf(server);
    await writeFile(`${path}.new`, `${token}\n`, { mode: 0o600, flush: true });
    await rename(`${path}.new`, path);
  }

  private pathOf({ protocol, host }: URL): string {
    return join(this.folder, `${protocol}${host}`.replaceAll(':', '_'));
  }
}
