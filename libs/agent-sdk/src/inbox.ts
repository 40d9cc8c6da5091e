import { setTimeout as delay } from 'node:timers/promises';
import type { InboxItem } from '@clawtank/contracts';
import type { AgentClient } from './agent-client.js';
import { AgentStopping, CommandRefused, ConnectionEnded, NotDelivered } from './errors.js';
import { InboxJournal, type InboxPlace } from './inbox-journal.js';
import type { Report } from './task-runner.js';

const PAGE = 50;
/** How often an item is handed to a handler that throws. */
const MAX_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 1000;

type Handle = (item: InboxItem, signal: AbortSignal) => void | Promise<void>;

/**
 * Hands the agent what is addressed to it, in order and one at a time, and acknowledges each item once it is dealt with: what was not
 * comes again, on the next connection or in the next run. With a journal nothing comes again that was dealt with here.
 */
export class Inbox {
  private readonly stopping = new AbortController();
  private place: InboxPlace | null = null;
  private journal: InboxJournal | null = null;
  private reading: Promise<void> | null = null;
  private hasNews = false;
  private isStopping = false;

  constructor(
    private readonly client: AgentClient,
    private readonly handle: Handle,
    private readonly folder: string | undefined,
    private readonly report: Report,
  ) {
    client.on('connected', ({ agentId }) => {
      this.openJournal(agentId);
      this.look();
    });
    client.on('inbox', () => this.look());
    client.on('ended', () => this.stopping.abort(new AgentStopping()));
  }

  /** Hands out nothing more; gives the handler `graceMs` for what it has in hand, then asks it to stop. */
  async stop(graceMs: number): Promise<void> {
    this.isStopping = true;
    if (this.reading) {
      await Promise.race([this.reading, delay(graceMs, undefined, { ref: false })]);
    }
    this.stopping.abort(new AgentStopping());
  }

  private openJournal(agentId: string): void {
    if (this.folder !== undefined && !this.journal) {
      this.journal = new InboxJournal(this.folder, agentId);
      this.place = this.journal.read();
    }
  }

  private look(): void {
    this.hasNews = true;
    this.reading ??= this.read()
      .catch((error: unknown) => this.failed(error))
      .finally(() => {
        this.reading = null;
        if (this.hasNews && !this.isOver) {
          this.look(); // it came while the last look was ending
        }
      });
  }

  private async read(): Promise<void> {
    while (this.hasNews && !this.isOver) {
      this.hasNews = false;
      const known = this.place && { after: this.place.number, epoch: this.place.epoch };
      const { items, epoch, upTo, hasMore, acknowledged } = await this.client.ask('read_inbox', {
        ...known,
        limit: PAGE,
      });
      const last = this.place?.epoch === epoch ? this.place.number : acknowledged;
      if (last > acknowledged) {
        await this.acknowledge({ epoch, number: last }); // the program was interrupted before it could say so
      }
      for (const item of items) {
        if (this.isOver) {
          return;
        }
        if (await this.deal(item)) {
          await this.dealtWith({ epoch, number: item.number });
        }
      }
      if (!this.isOver && upTo > (items.at(-1)?.number ?? last)) {
        this.place = { epoch, number: upTo };
      }
      this.hasNews ||= hasMore;
    }
  }

  /** False if the agent was stopped before it was done: then the item comes again. */
  private async deal(item: InboxItem): Promise<boolean> {
    const { signal } = this.stopping;
    for (let attempt = 1; ; attempt++) {
      try {
        await this.handle(item, signal);
        return true;
      } catch (error) {
        if (signal.aborted) {
          return false;
        }
        this.report('dealing with what was addressed to it', error);
        if (attempt >= MAX_ATTEMPTS) {
          return true; // or nothing after it would ever be dealt with
        }
        await delay(FIRST_PAUSE_MS * attempt, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) {
          return false;
        }
      }
    }
  }

  private async dealtWith(place: InboxPlace): Promise<void> {
    this.place = place;
    await this.journal?.write(place);
    await this.acknowledge(place);
  }

  /** What is lost on the way is said with the next item, or on the next connection. */
  private async acknowledge({ epoch, number }: InboxPlace): Promise<void> {
    await this.client.ask('ack_inbox', { upTo: number, epoch }).catch((error: unknown) => {
      if (!(error instanceof NotDelivered) && !(error instanceof ConnectionEnded)) {
        throw error;
      }
    });
  }

  private failed(error: unknown): void {
    if (error instanceof CommandRefused && error.retryAfter !== undefined) {
      setTimeout(() => this.look(), error.retryAfter).unref();
    } else if (!(error instanceof NotDelivered) && !(error instanceof ConnectionEnded)) {
      this.report('reading the inbox', error);
    }
  }

  private get isOver(): boolean {
    return this.isStopping || this.stopping.signal.aborted;
  }
}
