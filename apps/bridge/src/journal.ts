import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FinishedWork } from '@clawtank/agent-work';
import type { KnownProcess } from './process-group.js';

/** What is known of a task in hand: enough to continue it after this program was killed. */
export interface JournalEntry {
  readonly taskId: string;
  readonly roomId: string;
  readonly leaseId: string;
  readonly fence: number;
  readonly branch: string;
  /** The worktree, and the commit on which the work in it is built. */
  readonly folder: string;
  readonly start: string;
  /** The agent's session, and its process. */
  readonly sessionId: string | null;
  readonly process: KnownProcess | null;
  /** The finished work, once the agent is done: what is left is to push it and to hand it in. */
  readonly result: FinishedWork | null;
}

/** The tasks in hand, one file each. A file is replaced as a whole: whoever reads finds the old entry or the new one. */
export class Journal {
  private constructor(private readonly folder: string) {}

  static async open(folder: string): Promise<Journal> {
    await mkdir(folder, { recursive: true });
    return new Journal(folder);
  }

  /** Everything that was in hand. A file that cannot be read says nothing, and is removed. */
  entries(): JournalEntry[] {
    return readdirSync(this.folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => this.read(name) ?? []);
  }

  entry(taskId: string): JournalEntry | null {
    return this.entries().find((entry) => entry.taskId === taskId) ?? null;
  }

  async write(entry: JournalEntry): Promise<void> {
    const path = this.pathOf(entry.taskId);
    const file = await open(`${path}.new`, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(entry));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  }

  async forget(taskId: string): Promise<void> {
    await rm(this.pathOf(taskId), { force: true });
  }

  private read(name: string): JournalEntry | null {
    const path = join(this.folder, name);
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as JournalEntry;
    } catch {
      rmSync(path, { force: true });
      return null;
    }
  }

  private pathOf(taskId: string): string {
    return join(this.folder, `${taskId}.json`);
  }
}
