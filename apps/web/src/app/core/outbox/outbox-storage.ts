import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

/** Something that was written and that the server has not taken yet. */
export interface Outgoing {
  readonly clientMessageId: string;
  readonly readerId: string;
  readonly createdAt: string;
  /** Why the server did not take it; null while it is on its way. */
  readonly refusal: string | null;
}

/** In the order in which it was written. */
type Row<Message> = Message & { readonly position?: number };

interface Schema<Message> extends DBSchema {
  outbox: { key: number; value: Row<Message>; indexes: { clientMessageId: string; readerId: string } };
}

const VERSION = 1;

/**
 * What waits to be sent, kept on this device through reloads, crashes and restarts, and shared by the tabs of one browser.
 * Where the browser keeps nothing for us, such as in some private windows, it lasts as long as the page.
 */
export class OutboxStorage<Message extends Outgoing> {
  private database: Promise<IDBPDatabase<Schema<Message>> | null> | null = null;
  private rows: Row<Message>[] = [];

  constructor(
    private readonly name: string,
    private readonly factory: IDBFactory | undefined,
  ) {}

  /** Everything this person has written and that is still here, oldest first. */
  async all(readerId: string): Promise<Message[]> {
    const database = await this.opened();
    const kept = database ? await database.getAllFromIndex('outbox', 'readerId', readerId) : [];
    return [...kept.sort(byPosition), ...this.rows.filter((row) => row.readerId === readerId)];
  }

  /** Puts a message after all others; one that is here already moves there. */
  async add(message: Message): Promise<void> {
    await this.delete(message.clientMessageId);
    try {
      const database = await this.opened();
      await (database ? database.add('outbox', message) : Promise.reject(new Error('Nothing is kept here')));
    } catch {
      this.rows = [...this.rows, message];
    }
  }

  /** Keeps why the server did not take it. */
  async refuse(clientMessageId: string, refusal: string): Promise<void> {
    this.rows = this.rows.map((row) => (row.clientMessageId === clientMessageId ? { ...row, refusal } : row));
    const change = (await this.opened())?.transaction('outbox', 'readwrite');
    const row = await change?.store.index('clientMessageId').get(clientMessageId);
    if (row) {
      await change?.store.put({ ...row, refusal });
    }
    await change?.done;
  }

  async delete(clientMessageId: string): Promise<void> {
    this.rows = this.rows.filter((row) => row.clientMessageId !== clientMessageId);
    const change = (await this.opened())?.transaction('outbox', 'readwrite');
    const position = await change?.store.index('clientMessageId').getKey(clientMessageId);
    if (position !== undefined) {
      await change?.store.delete(position);
    }
    await change?.done;
  }

  private opened(): Promise<IDBPDatabase<Schema<Message>> | null> {
    this.database ??= this.factory
      ? openDB<Schema<Message>>(this.name, VERSION, {
          upgrade: (database) => {
            const store = database.createObjectStore('outbox', { keyPath: 'position', autoIncrement: true });
            store.createIndex('clientMessageId', 'clientMessageId', { unique: true });
            store.createIndex('readerId', 'readerId');
          },
          terminated: () => (this.database = null),
        }).catch(() => null)
      : Promise.resolve(null);
    return this.database;
  }
}

const byPosition = (one: { position?: number }, other: { position?: number }): number =>
  (one.position ?? 0) - (other.position ?? 0);
