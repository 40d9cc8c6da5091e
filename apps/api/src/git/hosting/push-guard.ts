import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a push may not touch, and what the pusher's terminal says then. */
export interface Protection {
  /** A full ref name, such as `refs/heads/main`. */
  readonly protectedRef: string;
  readonly message: string;
}

/**
 * git asks this about each ref of a push: $1 is the ref. Whoever starts git without saying what is protected gets
 * nothing in. Names are compared without case, because on some disks refs/heads/MAIN and refs/heads/main are one file.
 */
const UPDATE_HOOK = `#!/bin/sh
refuse() {
  printf '%s\\n' "$1" >&2
  exit 1
}
lower_case() {
  printf '%s' "$1" | tr '[:upper:]' '[:lower:]'
}
[ -n "$CLAWTANK_PROTECTED_REF" ] || refuse 'This repository takes pushes through ClawTank only.'
case $1 in
  refs/heads/-* | refs/heads/HEAD) refuse 'This is not a name for a branch.' ;;
  refs/heads/* | refs/tags/*) ;;
  *) refuse 'Only branches (refs/heads/) and tags (refs/tags/) can be pushed.' ;;
esac
if [ "$(lower_case "$1")" = "$(lower_case "$CLAWTANK_PROTECTED_REF")" ]; then
  refuse "$CLAWTANK_PROTECTED_MESSAGE"
fi
exit 0
`;

/** The hook that decides, ref by ref, what a push may change. */
export class PushGuard {
  private constructor(private readonly folder: string) {}

  /** Writes the hook into `folder`, where several processes may do so at once. */
  static async install(folder: string): Promise<PushGuard> {
    await mkdir(folder, { recursive: true });
    const draft = join(folder, `.update-${randomUUID()}`);
    await writeFile(draft, UPDATE_HOOK, { mode: 0o755 });
    await rename(draft, join(folder, 'update'));
    const guard = new PushGuard(folder);
    await guard.mustBeInForce();
    return guard;
  }

  /** The folder for `core.hooksPath`. */
  get hooksPath(): string {
    return this.folder;
  }

  /**
   * Throws unless git would run the hook. git passes silently over a hook that is missing or that the disk does not
   * let run (`noexec`), and would then take a push to anything.
   */
  async mustBeInForce(): Promise<void> {
    await access(join(this.folder, 'update'), constants.R_OK | constants.X_OK);
  }

  /** What tells the hook about this push. */
  static environment({ protectedRef, message }: Protection): Record<string, string> {
    return { CLAWTANK_PROTECTED_REF: protectedRef, CLAWTANK_PROTECTED_MESSAGE: message.replaceAll('\0', '') };
  }
}
