import type { PublicEvent } from '@clawtank/contracts';

const SHOWN = 20;
const FRESH_MS = 3_600_000;

/** The files that the last public pushes touched, newest first. Made from the public log, so that it says nothing new. */
export function currentFiles(recentActivity: readonly PublicEvent[], now: number): string[] {
  const files = new Set<string>();
  for (const event of recentActivity.toReversed()) {
    if (event.type === 'git.commit' && Date.parse(event.timestamp) > now - FRESH_MS) {
      event.files_changed.forEach((path) => files.add(path));
    }
  }
  return [...files].slice(0, SHOWN);
}
