import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { EMPTY_TREE } from './changes.js';

/** What a push may not touch, and what the pusher's terminal says then. */
export interface Protection {
  /** A full ref name, such as `refs/heads/main`. */
  readonly protectedRef: string;
  readonly message: string;
  /** What branches may change beside, if not everything. */
  readonly paths?: PermittedPaths | undefined;
}

export interface PermittedPaths {
  /** A regular expression for the paths that may be changed; a link is never among them. */
  readonly pattern: string;
  /** The same in words. */
  readonly words: string;
}

/** Null if the ref may be moved now, or a sentence that says why not. Never rejects. */
export type MayMove = (ref: string) => Promise<string | null>;

const PATHS_HOOK = 'permitted-paths.mjs';
const ALLOWED = 'allowed';

/** Where the hook finds the line to whoever started git: a question goes out on it, and the answer comes back. */
const QUESTIONS_FD = 3;

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
must_be_allowed() {
  { printf '%s\\n' "$1" >&${QUESTIONS_FD} && IFS= read -r answer <&${QUESTIONS_FD}; } 2>/dev/null || refuse 'Nobody answers whether this may be pushed. Try again.'
  [ "$answer" = '${ALLOWED}' ] || refuse "$answer"
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
case $1 in
  refs/heads/*) [ -z "$CLAWTANK_PATHS" ] || "$CLAWTANK_NODE" "\${0%/*}/${PATHS_HOOK}" "$3" "$CLAWTANK_PROTECTED_REF" || exit 1 ;;
esac
must_be_allowed "$1"
`;

/** Asks what merging the branch would change; $1 is its new tip, $2 the branch it would be merged into. */
const PATHS_SCRIPT = `import { execFileSync } from 'node:child_process';

const [tip, base] = process.argv.slice(2);
const { pattern, words } = JSON.parse(process.env.CLAWTANK_PATHS);
const permitted = new RegExp(pattern, 's');
const git = (...args) => execFileSync('git', args, { encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'ignore'] });

function forkPoint() {
  try {
    return git('merge-base', base, tip).trim();
  } catch {
    return '${EMPTY_TREE}'; // they have no history in common
  }
}

const changes = /^0+$/.test(tip) ? [] : git('diff-tree', '-r', '-z', '--raw', '--no-renames', forkPoint(), tip).split('\\0');
for (let at = 0; at + 1 < changes.length; at += 2) {
  const [path, isLink] = [changes[at + 1], /^:\\d+ (120|160)000 /.test(changes[at])];
  if (isLink || !permitted.test(path)) {
    const shown = path.replace(/[\\p{Cc}\\p{Cf}]/gu, '?');
    const why = isLink ? 'is a link, and what is behind it may be outside' : 'is outside';
    console.error(shown + ' ' + why + ' of what this agent may touch: ' + words);
    process.exit(1);
  }
}
`;

/** The hook that decides, ref by ref, what a push may change. */
export class PushGuard {
  private constructor(private readonly folder: string) {}

  /** Writes the hook into `folder`, where several processes may do so at once. */
  static async install(folder: string): Promise<PushGuard> {
    await mkdir(folder, { recursive: true });
    for (const [name, text] of [
      [PATHS_HOOK, PATHS_SCRIPT],
      ['update', UPDATE_HOOK],
    ] as const) {
      const draft = join(folder, `.${name}-${randomUUID()}`);
      await writeFile(draft, text, { mode: 0o755 });
      await rename(draft, join(folder, name));
    }
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

  /** Answers the hook's questions on `line` until git ends: whether each ref may move, asked when nothing is left to do but that. */
  static answer(line: Duplex, mayMove: MayMove): void {
    line.on('error', () => undefined); // git has ended, and needs no answer any more
    createInterface({ input: line }).on('line', (ref) => {
      void mayMove(ref).then((objection) => line.write(`${objection?.replaceAll(/\s+/g, ' ') ?? ALLOWED}\n`));
    });
  }

  /** What tells the hook about this push. */
  static environment({ protectedRef, message, paths }: Protection): Record<string, string> {
    return {
      CLAWTANK_PROTECTED_REF: protectedRef,
      CLAWTANK_PROTECTED_MESSAGE: message.replaceAll('\0', ''),
      ...(paths && { CLAWTANK_PATHS: JSON.stringify(paths), CLAWTANK_NODE: process.execPath }),
    };
  }
}
