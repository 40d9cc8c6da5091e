import { setTimeout as delay } from 'node:timers/promises';
import type { Cursors } from './cursors.js';

const MAX_ATTEMPTS = 3;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

interface Parts<Message> {
  /** The name under which the place in it is kept. */
  readonly conversation: string;
  readonly cursors: Cursors;
  /** What was said after a place, oldest first; with null, the newest of it. */
  fetch(after: number | null): Promise<readonly Message[]>;
  /** Deals with one message to the end. What it rejects is tried again, and then left. */
  handle(message: Message): Promise<void>;
  report(doing: string, error: unknown): void;
  /** Aborted when nothing more is to be dealt with. */
  readonly signal: AbortSignal;
}

/**
 * What is said in one conversation: every message in order, each dealt with to the end before the next, and none left out or taken
 * twice, whether it is told or has to be fetched. A message counts as dealt with only then; after a crash it comes again.
 */
export class Inbox<Message extends { readonly seq: number }> {
  private tail: Promise<void> = Promise.resolve();

  constructor(private readonly parts: Parts<Message>) {}

  /** A message that has just been said. */
  hear(message: Message): void {
    this.inTurn(() => this.take(message));
  }

  /** Fetches what was missed, before anything that is told from now on. */
  catchUp(): void {
    this.inTurn(() => this.fetchMissed());
  }

  /** What was said until `seq` is not for the agent. */
  startAfter(seq: number): void {
    this.inTurn(() => this.parts.cursors.advance(this.parts.conversation, seq));
  }

  /** Resolves once everything so far is dealt with. */
  async idle(): Promise<void> {
    await this.tail;
  }

  private inTurn(act: () => Promise<void>): void {
    this.tail = this.tail
      .then(() => (this.parts.signal.aborted ? undefined : act()))
      .catch((error: unknown) => this.parts.report('reading the inbox', error));
  }

  private get place(): number | null {
    const { cursors, conversation } = this.parts;
    return cursors.of(conversation);
  }

  private async fetchMissed(): Promise<void> {
    for (let isFirst = true; ; isFirst = false) {
      const missed = await this.persistently(() => this.parts.fetch(this.place));
      const isBehind = this.place !== null;
      for (const message of missed ?? []) {
        await this.take(message);
      }
      if (!missed?.length || (isFirst && !isBehind)) {
        return;
      }
    }
  }

  /** What cannot be fetched now must not be passed over: later messages wait. */
  private async persistently<Found>(fetch: () => Promise<Found>): Promise<Found | null> {
    const { signal, report } = this.parts;
    for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
      try {
        return await fetch();
      } catch (error) {
        report('fetching what was missed', error);
        await delay(pause, undefined, { signal }).catch(() => undefined);
      }
    }
    return null;
  }

  private async take(message: Message): Promise<void> {
    const { cursors, conversation, signal } = this.parts;
    if (signal.aborted || message.seq <= (this.place ?? -1)) {
      return;
    }
    await this.attempt(message);
    if (!signal.aborted) {
      await cursors.advance(conversation, message.seq);
    }
  }

  private async attempt(message: Message): Promise<void> {
    const { handle, report, signal } = this.parts;
    for (let attempts = 1; !signal.aborted; attempts++) {
      try {
        return await handle(message);
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        report('answering a message', error);
        if (attempts >= MAX_ATTEMPTS) {
          return;
        }
        await delay(FIRST_PAUSE_MS * 2 ** (attempts - 1), undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
