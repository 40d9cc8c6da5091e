import { mkdirSync, readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** How far an agent has dealt with its inbox, and which incarnation of the inbox that was. */
export interface InboxPlace {
  readonly epoch: string;
  readonly number: number;
}

/** Keeps an agent's place in a file that is replaced as a whole: whoever reads it finds the old place or the new one. */
export class InboxJournal {
  private readonly path: string;

  constructor(folder: string, agentId: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.path = join(folder, `inbox-${agentId}.json`);
  }

  /** Null if nothing was kept, or not in a way that can be read: then what the server says counts. */
  read(): InboxPlace | null {
    try {
      const { epoch, number } = JSON.parse(readFileSync(this.path, 'utf8')) as Partial<InboxPlace>;
      return typeof epoch === 'string' && Number.isSafeInteger(number) ? { epoch, number: number! } : null;
    } catch {
      return null;
    }
  }

  async write(place: InboxPlace): Promise<void> {
    const file = await open(`${this.path}.new`, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(place));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${this.path}.new`, this.path);
  }
}
