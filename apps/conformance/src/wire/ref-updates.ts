import type { RefUpdate } from '../domain/entry.js';

const UPDATE = /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) ([^\0\n]+)/;

/** What the beginning of a `git-receive-pack` request says is to be changed; null while there is not enough of it yet. */
export function readRefUpdates(body: Buffer): RefUpdate[] | null {
  const updates: RefUpdate[] = [];
  for (let at = 0; at + 4 <= body.length;) {
    const length = Number.parseInt(body.toString('latin1', at, at + 4), 16);
    if (!Number.isInteger(length) || length < 4) {
      return updates; // the flush that ends the list, or not the protocol at all
    }
    if (at + length > body.length) {
      return null;
    }
    const [, before, after, ref] = UPDATE.exec(body.toString('utf8', at + 4, at + length)) ?? [];
    if (before !== undefined && after !== undefined && ref !== undefined) {
      updates.push({ ref, before, after });
    }
    at += length;
  }
  return null;
}
