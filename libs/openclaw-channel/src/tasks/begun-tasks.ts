import type { WorktreePlace } from '@clawtank/agent-work';
import { JsonFile } from '../json-file.js';

/** A worktree that was made for a task, the commit it was made from, and the number of the turn that was begun last. */
export interface Begun extends WorktreePlace {
  readonly base: string;
  readonly turn: number;
}

type Tasks = Readonly<Record<string, Begun>>;

/** Where the files of tasks are that were begun, so that they are found again after a restart. */
export class BegunTasks {
  private constructor(private readonly file: JsonFile<Tasks>) {}

  static async open(path: string): Promise<BegunTasks> {
    return new BegunTasks(await JsonFile.open<Tasks>(path, {}));
  }

  of(taskId: string): Begun | null {
    return this.file.content[taskId] ?? null;
  }

  remember(taskId: string, begun: Begun): Promise<void> {
    return this.file.keep({ ...this.file.content, [taskId]: begun });
  }

  forget(taskId: string): Promise<void> {
    const others = Object.entries(this.file.content).filter(([id]) => id !== taskId);
    return this.file.keep(Object.fromEntries(others));
  }
}
