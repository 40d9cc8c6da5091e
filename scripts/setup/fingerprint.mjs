// Only Node 20 and no dependencies here: this runs before anything is installed.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A hash over the names and contents of files and of everything in folders, except what `isIgnored` says. */
export function fingerprint(paths, isIgnored = () => false) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap((path) => filesIn(path, isIgnored))) {
    const content = readFileSync(file);
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function filesIn(path, isIgnored) {
  if (isIgnored(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesIn(join(path, name), isIgnored));
}
