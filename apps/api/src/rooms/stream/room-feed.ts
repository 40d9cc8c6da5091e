import type { RoomEvent } from '@clawtank/contracts';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BUS, type Bus } from '../../platform/bus/bus.js';
import { SharedReads } from '../../platform/database/shared-reads.js';
import { HotHistory } from './hot-history.js';
import { entriesAfter, type LogEntry } from './log-entry.js';

export interface FeedListener {
  /** New entries of a watched room: in order, without gaps, each once. */
  entries(roomId: string, epoch: string, entries: readonly LogEntry[]): void;
  /** The room's log is gone or was replaced: whoever follows it must start anew. */
  ended(roomId: string): void;
}

/** Hears of what this process adds to rooms, followed here or not. */
export type PublicationListener = (roomId: string, entries: readonly LogEntry[]) => void;

type Announcement =
  | { readonly kind: 'entries'; readonly from: string; readonly epoch: string; readonly entries: readonly LogEntry[] }
  | { readonly kind: 'ended'; readonly from: string };

interface Tail {
  readonly roomId: string;
  watchers: number;
  epoch: string;
  lastSeq: number;
  /** The newest entries and some more, so that somebody who joins need not ask the database for what came a moment ago. */
  recent: LogEntry[];
  /** Reads that fill a gap, one after the other; null while there is none. */
  filling: Promise<void> | null;
  readonly ready: Promise<void>;
  unsubscribe: () => Promise<void>;
  isOpen: boolean;
  /** Something was announced before the head was known. */
  heardEarly: boolean;
}

const RECENT = 200;
const FILL_PAGE = 500;
const SWEEP_MS = 5000;

/** Has every process look at the heads of what it follows. */
const LOOK_CHANNEL = 'rooms:look';

/** The channel of the specification. */
const channelOf = (roomId: string): string => `room:${roomId}:updates`;

/**
 * The ordered tail of every room that somebody in this process follows. Publications come out of order, twice or never; what is
 * missing is read from the log, which is the truth, and a regular look at the heads finds what nobody announced, such as the
 * last entries of a process that was killed between commit and publication.
 */
@Injectable()
export class RoomFeed implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(RoomFeed.name);
  private readonly id = Math.random().toString(36).slice(2);
  private readonly tails = new Map<string, Tail>();
  private readonly pages = new SharedReads<LogEntry[]>();
  private readonly listeners: FeedListener[] = [];
  private readonly publicationListeners: PublicationListener[] = [];
  private readonly sweeper = setInterval(() => void this.sweep(), SWEEP_MS).unref();

  constructor(
    private readonly dataSource: DataSource,
    @Inject(BUS) private readonly bus: Bus,
    private readonly hot: HotHistory,
  ) {}

  /** What was published while the bus was away is found as soon as it is back, here and wherever else it was to be heard. */
  async onModuleInit(): Promise<void> {
    await this.bus.subscribe(LOOK_CHANNEL, () => void this.sweep());
    this.bus.onReturn(() => void this.bus.publish(LOOK_CHANNEL, null));
  }

  onApplicationShutdown(): void {
    clearInterval(this.sweeper);
  }

  listen(listener: FeedListener): void {
    this.listeners.push(listener);
  }

  /** Tells `listener` of everything that this process itself adds to any room, once it is committed. It must be quick: chat waits for it. */
  onPublished(listener: PublicationListener): void {
    this.publicationListeners.push(listener);
  }

  /** Tells all processes, this one first and at once, what was added to a room's log. */
  publish(roomId: string, epoch: string, entries: readonly LogEntry[]): void {
    const tail = this.tails.get(roomId);
    if (tail) {
      this.receive(tail, epoch, entries);
    }
    const announcement: Announcement = { kind: 'entries', from: this.id, epoch, entries };
    void this.bus.publishToOthers(channelOf(roomId), announcement);
    this.hot.remember(roomId, epoch, entries);
    this.publicationListeners.forEach((listener) => listener(roomId, entries));
  }

  /** Tells all processes that the room is gone. */
  publishEnd(roomId: string): void {
    this.end(roomId);
    void this.bus.publishToOthers(channelOf(roomId), { kind: 'ended', from: this.id } satisfies Announcement);
  }

  /** Forgets entries whose text was taken back: whoever needs them reads what the log says of them now. */
  redact(roomId: string, seqs: readonly number[]): void {
    const tail = this.tails.get(roomId);
    if (tail) {
      // What is kept has no gaps, so what came before goes too.
      const newest = Math.max(...seqs);
      tail.recent = tail.recent.filter(({ event }) => event.seq > newest);
    }
  }

  /** Follows the room from now on, as long as anybody in this process does. Each call needs its `close`. */
  async open(roomId: string): Promise<void> {
    let tail = this.tails.get(roomId);
    if (!tail) {
      tail = this.startTail(roomId);
    }
    tail.watchers++;
    try {
      await tail.ready;
    } catch (error) {
      this.close(roomId);
      throw error;
    }
  }

  close(roomId: string): void {
    const tail = this.tails.get(roomId);
    if (tail && --tail.watchers <= 0) {
      this.drop(tail);
    }
  }

  /**
   * Brings a reader who has everything up to `since` up to date: calls `attach` with what came since, in the same turn in which
   * the feed has delivered just that much and no more. A reader that subscribes inside `attach` misses nothing and sees nothing
   * twice. Null if the gap is larger than `limit`, or the log cannot be read. What came up to `head`, which somebody has read in
   * the database, is among it even if it was not published here yet.
   */
  async catchUp<Result>(
    roomId: string,
    since: number,
    limit: number,
    attach: (missed: readonly LogEntry[]) => Result,
    head = since,
  ): Promise<Result | null> {
    const tail = this.tails.get(roomId);
    if (!tail) {
      throw new Error(`Room ${roomId} is not followed here`);
    }
    if (tail.lastSeq < Math.max(since, head)) {
      // The reader has asked the database and knows more than was published here: it would be sent that once more.
      await this.fill(tail);
      if (tail.lastSeq < since) {
        return null;
      }
    }
    const missed: LogEntry[] = [];
    let reached = since;
    for (;;) {
      if (tail.lastSeq - since > limit) {
        return null;
      }
      const oldest = tail.recent[0]?.event.seq ?? tail.lastSeq + 1;
      if (reached + 1 >= oldest) {
        const all = [...missed, ...tail.recent.filter(({ event }) => event.seq > reached)];
        if (missed.length > 0) {
          this.keepOlder(tail, all);
        }
        return attach(all);
      }
      const page = await this.page(tail, reached, Math.min(FILL_PAGE, tail.lastSeq - reached));
      if (page.length === 0) {
        return null;
      }
      missed.push(...page);
      reached = page.at(-1)?.event.seq ?? reached;
    }
  }

  /** The epoch and head of a room that is followed here, as far as this process has delivered it. */
  headOf(roomId: string): { epoch: string; lastSeq: number } {
    const tail = this.tails.get(roomId);
    return { epoch: tail?.epoch ?? '', lastSeq: tail?.lastSeq ?? 0 };
  }

  private startTail(roomId: string): Tail {
    const tail: Tail = {
      roomId,
      watchers: 0,
      epoch: '',
      lastSeq: Number.MAX_SAFE_INTEGER, // until the head is known, everything looks old
      recent: [],
      filling: null,
      ready: Promise.resolve(),
      unsubscribe: () => Promise.resolve(),
      isOpen: true,
      heardEarly: false,
    };
    this.tails.set(roomId, Object.assign(tail, { ready: this.begin(tail) }));
    return tail;
  }

  private async begin(tail: Tail): Promise<void> {
    tail.unsubscribe = await this.bus.subscribe(channelOf(tail.roomId), (message) =>
      this.hear(tail, message as Announcement),
    );
    const [head] = await this.heads([tail.roomId]);
    if (!head) {
      throw new Error(`There is no room ${tail.roomId}`);
    }
    tail.epoch = head.epoch;
    tail.lastSeq = head.lastSeq;
    if (tail.heardEarly) {
      void this.fill(tail);
    }
  }

  private drop(tail: Tail): void {
    tail.isOpen = false;
    if (this.tails.get(tail.roomId) === tail) {
      this.tails.delete(tail.roomId);
    }
    tail.ready.then(() => tail.unsubscribe()).catch((error: unknown) => this.logger.debug(error));
  }

  private hear(tail: Tail, announcement: Announcement): void {
    if (announcement.from === this.id || !tail.isOpen) {
      return;
    }
    if (announcement.kind === 'ended') {
      this.end(tail.roomId);
    } else {
      this.receive(tail, announcement.epoch, announcement.entries);
    }
  }

  private receive(tail: Tail, epoch: string, entries: readonly LogEntry[]): void {
    if (epoch !== tail.epoch) {
      tail.heardEarly = true; // or the log was replaced: then the sweep settles it
      return;
    }
    const fresh = entries.filter(({ event }) => event.seq > tail.lastSeq);
    const [first] = fresh;
    if (!first) {
      return;
    }
    if (tail.filling === null && first.event.seq === tail.lastSeq + 1) {
      this.deliver(tail, fresh);
    } else {
      void this.fill(tail);
    }
  }

  private deliver(tail: Tail, entries: readonly LogEntry[]): void {
    tail.lastSeq = entries.at(-1)?.event.seq ?? tail.lastSeq;
    tail.recent.push(...entries);
    if (tail.recent.length > 2 * RECENT) {
      tail.recent = tail.recent.slice(-RECENT);
    }
    entries.forEach(({ event }) => this.forgetWhatIsGone(tail, event));
    for (const listener of this.listeners) {
      try {
        listener.entries(tail.roomId, tail.epoch, entries);
      } catch (error) {
        this.logger.error(error);
      }
    }
  }

  /** In every process it is the news of a deletion itself that empties the tail, so that none can fail to hear of it. */
  private forgetWhatIsGone(tail: Tail, event: RoomEvent): void {
    if (event.type !== 'chat.deleted' && event.type !== 'task.redacted') {
      return;
    }
    const isAbout = ({ event: earlier }: LogEntry): boolean =>
      event.type === 'chat.deleted'
        ? ((earlier.type === 'chat.message' || earlier.type === 'chat.edited') &&
            earlier.data.message.id === event.data.messageId) ||
          (earlier.type === 'chat.previewed' && earlier.data.messageId === event.data.messageId)
        : 'task' in earlier.data && earlier.data.task.id === event.data.task.id;
    this.redact(
      tail.roomId,
      tail.recent.filter((entry) => entry.event.seq < event.seq && isAbout(entry)).map((entry) => entry.event.seq),
    );
  }

  /** Reads everything that the log has and this tail has not. Settles when that is delivered, or could not be read. */
  private fill(tail: Tail): Promise<void> {
    const again = (tail.filling ?? Promise.resolve()).then(async () => {
      for (;;) {
        const page = tail.isOpen ? await this.read(tail.roomId, tail.lastSeq, FILL_PAGE) : [];
        if (page.length === 0 || !tail.isOpen) {
          return;
        }
        this.deliver(tail, page);
      }
    });
    const settled = again
      .catch((error: unknown) => this.logger.error(error)) // the next sweep tries again
      .finally(() => {
        if (tail.filling === settled) {
          tail.filling = null;
        }
      });
    tail.filling = settled;
    return settled;
  }

  /** Some of what came after a place, from where it is to be had soonest, for all who lack just that. */
  private page({ roomId, epoch }: Tail, after: number, limit: number): Promise<LogEntry[]> {
    return this.pages.ask(
      `${roomId} ${epoch} ${after} ${limit}`,
      async () => (await this.hot.after(roomId, epoch, after, limit)) ?? (await this.read(roomId, after, limit)),
    );
  }

  /** Keeps what was read for somebody who was away, up to the head: others who were cut off with them are about to ask for it. */
  private keepOlder(tail: Tail, entries: readonly LogEntry[]): void {
    tail.recent = entries.slice(-RECENT);
    // It may have been read before something in it was deleted.
    entries.forEach(({ event }) => this.forgetWhatIsGone(tail, event));
  }

  private async sweep(): Promise<void> {
    const followed = [...this.tails.values()].filter(({ epoch }) => epoch !== '');
    if (followed.length === 0) {
      return;
    }
    try {
      const heads = new Map((await this.heads(followed.map(({ roomId }) => roomId))).map((head) => [head.id, head]));
      for (const tail of followed) {
        const head = heads.get(tail.roomId);
        if (!head || head.epoch !== tail.epoch) {
          this.end(tail.roomId);
        } else if (head.lastSeq > tail.lastSeq) {
          void this.fill(tail);
        }
      }
    } catch (error) {
      this.logger.error(error);
    }
  }

  private end(roomId: string): void {
    const tail = this.tails.get(roomId);
    if (tail) {
      this.drop(tail);
      this.listeners.forEach((listener) => listener.ended(roomId));
    }
  }

  private async heads(roomIds: readonly string[]): Promise<{ id: string; epoch: string; lastSeq: number }[]> {
    const rows = await this.dataSource.query<{ id: string; epoch: string; last_seq: string }[]>(
      `SELECT id, epoch, last_seq FROM rooms WHERE id = ANY($1::uuid[])`,
      [roomIds],
    );
    return rows.map(({ id, epoch, last_seq }) => ({ id, epoch, lastSeq: Number(last_seq) }));
  }

  private read(roomId: string, after: number, limit: number): Promise<LogEntry[]> {
    return entriesAfter(this.dataSource, roomId, after, limit);
  }
}
