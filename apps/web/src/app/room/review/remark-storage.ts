import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { ReviewRemark } from '@clawtank/contracts';

/** Where a remark belongs: who wrote it, of which state of which task's work, and of which place in it. */
export interface RemarkPlace {
  readonly readerId: string;
  readonly taskId: string;
  readonly sha: string;
  readonly path: string;
  /** Null for the file as a whole. */
  readonly line: number | null;
}

/** A remark that was written and not sent. */
export interface KeptRemark extends RemarkPlace, Pick<ReviewRemark, 'text'> {
  readonly changedAt: string;
}

type Row = Omit<KeptRemark, 'line'> & { readonly line: number };
type Key = [readerId: string, taskId: string, sha: string, path: string, line: number];

interface Schema extends DBSchema {
  remarks: { key: Key; value: Row; indexes: { readerId: string } };
}

const VERSION = 1;
const NAME = 'clawtank-remarks';
/** Lines count from 1; what is in a key cannot be null. */
const WHOLE_FILE = 0;
/** Of work that nobody took up for so long nothing is left to review. */
const KEPT_DAYS = 60;

/**
 * Keeps remarks on this device until they are sent, each by itself, so that two tabs do not take away each other's. Where the browser
 * keeps nothing for us, they last as long as the page.
 */
export class RemarkStorage {
  private database: Promise<IDBPDatabase<Schema> | null> | null = null;

  constructor(private readonly factory: IDBFactory | undefined) {}

  /** All of this person's. What is too old to be sent is thrown away. */
  async all(readerId: string): Promise<KeptRemark[]> {
    const database = await this.opened();
    const rows = database ? await database.getAllFromIndex('remarks', 'readerId', readerId) : [];
    const oldest = new Date(Date.now() - KEPT_DAYS * 86_400_000).toISOString();
    const [old, kept] = [
      rows.filter(({ changedAt }) => changedAt < oldest),
      rows.filter((row) => row.changedAt >= oldest),
    ];
    for (const row of old) {
      await database?.delete('remarks', keyOf(row));
    }
    return kept.map((row) => ({ ...row, line: row.line === WHOLE_FILE ? null : row.line }));
  }

  /** Keeps a remark in the place of the one that was there. */
  async keep(remark: KeptRemark): Promise<void> {
    await (await this.opened())?.put('remarks', { ...remark, line: remark.line ?? WHOLE_FILE });
  }

  async drop(place: RemarkPlace): Promise<void> {
    await (await this.opened())?.delete('remarks', keyOf(place));
  }

  private opened(): Promise<IDBPDatabase<Schema> | null> {
    this.database ??= this.factory
      ? openDB<Schema>(NAME, VERSION, {
          upgrade: (database) => {
            const store = database.createObjectStore('remarks', {
              keyPath: ['readerId', 'taskId', 'sha', 'path', 'line'],
            });
            store.createIndex('readerId', 'readerId');
          },
          terminated: () => (this.database = null),
        }).catch(() => null)
      : Promise.resolve(null);
    return this.database;
  }
}

const keyOf = ({ readerId, taskId, sha, path, line }: RemarkPlace): Key => [
  ...([readerId, taskId, sha, path] as const),
  line ?? WHOLE_FILE,
];
