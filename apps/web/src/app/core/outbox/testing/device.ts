import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';

// jsdom has none, and a database copies what it keeps.
globalThis.structuredClone ??= <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** A device that keeps things for the page, empty, until what it returns is called. */
export function emptyDevice(): () => void {
  Object.defineProperty(window, 'indexedDB', { configurable: true, value: new IDBFactory() });
  return () => void Reflect.deleteProperty(window, 'indexedDB');
}

/** Until what was begun has come to rest: a database in memory takes its turns, too. */
export async function patience(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) {
    await new Promise((resolve) => setTimeout(resolve));
  }
}
