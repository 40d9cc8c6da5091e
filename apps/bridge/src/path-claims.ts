import { isAbsolute, relative, resolve, sep } from 'node:path';
import { PATH_LIMITS, PathPattern } from '@clawtank/contracts';
import { changedPathsOf, type ToolCallFacts } from './domain/tool-call.js';

const PAUSE_MS = 2000;

/** Tells the room which files the agent changes, soon after it first does; one telling for those that come together. */
export class PathClaims {
  private readonly paths = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    /** The worktree. */
    private readonly folder: string,
    private readonly claim: (paths: readonly string[]) => Promise<unknown>,
  ) {}

  learn(call: ToolCallFacts): void {
    const before = this.paths.size;
    for (const path of changedPathsOf(call).flatMap((each) => this.inside(each) ?? [])) {
      if (this.paths.size < PATH_LIMITS.claimed) {
        this.paths.add(path);
      }
    }
    if (this.paths.size > before) {
      this.timer ??= setTimeout(() => this.tell(), PAUSE_MS);
    }
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private tell(): void {
    this.timer = undefined;
    this.claim([...this.paths].sort()).catch(() => undefined); // it is advice; what is pushed says the same for certain
  }

  /** As the repository names it; null for what is not a file of it. */
  private inside(path: string): string | null {
    const name = relative(this.folder, resolve(this.folder, path)).split(sep).join('/');
    const isElsewhere = isAbsolute(name) || name === '.git' || name.startsWith('.git/');
    return !isElsewhere && PathPattern.safeParse(name).success ? name : null;
  }
}
