import type { ConflictKind } from '@clawtank/contracts';
import { claimMeans, claimsMeet, moreExact } from './path-overlap.js';

/** What one task touches: by somebody's word, and in truth. */
export interface Footprint {
  readonly claimed: readonly string[];
  readonly touched: readonly string[];
}

export interface Overlap {
  readonly kind: ConflictKind;
  /** By name, each once. */
  readonly paths: readonly string[];
}

/**
 * Whether two tasks get in each other's way, and where: the most certain of what is known. `clash` is where git finds that their
 * branches do not merge, null if they do or it was not asked.
 */
export function overlapOf(one: Footprint, other: Footprint, clash: readonly string[] | null): Overlap | null {
  const touched = touchedByBoth(one.touched, other.touched);
  if (clash) {
    return { kind: 'unmergeable', paths: inOrder(clash.length > 0 ? clash : touched) };
  }
  if (touched.length > 0) {
    return { kind: 'touched', paths: inOrder(touched) };
  }
  const claimed = [
    ...one.claimed.flatMap((claim) => other.touched.filter((file) => claimMeans(claim, file))),
    ...other.claimed.flatMap((claim) => one.touched.filter((file) => claimMeans(claim, file))),
    ...one.claimed.flatMap((claim) =>
      other.claimed.filter((its) => claimsMeet(claim, its)).map((its) => moreExact(claim, its)),
    ),
  ];
  return claimed.length > 0 ? { kind: 'claimed', paths: inOrder(claimed) } : null;
}

/** A file that the other has made a folder of is touched by both. */
function touchedByBoth(one: readonly string[], other: readonly string[]): string[] {
  const [ofOne, ofOther] = [new Set(one), new Set(other)];
  return [
    ...one.filter((file) => ofOther.has(file) || foldersOf(file).some((folder) => ofOther.has(folder))),
    ...other.filter((file) => foldersOf(file).some((folder) => ofOne.has(folder))),
  ];
}

const foldersOf = (file: string): string[] => [...file.matchAll(/\//g)].map(({ index }) => file.slice(0, index));

const inOrder = (paths: readonly string[]): string[] => [...new Set(paths)].sort();
