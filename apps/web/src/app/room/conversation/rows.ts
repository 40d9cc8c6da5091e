import type { ActivityItem, Actor, Attachment, ChatMessage } from '@clawtank/contracts';
import type { Called } from '../markdown/mentions';
import type { PendingMessage } from '../state/outbox';
import type { TimelineEntry } from '../state/timeline';
import { type WorkLine, collapse } from './work-lines';

/** Something said, stored or still on its way. */
export interface Speech {
  readonly author: Actor;
  readonly text: string;
  readonly called: Called;
  readonly visibility: ChatMessage['visibility'];
  readonly replyTo: string | null;
  readonly attachments: readonly Attachment[];
  readonly at: string;
  /** As the room has it; null while it is on its way. */
  readonly message: ChatMessage | null;
  readonly pending: PendingMessage | null;
}

export interface DayRow {
  readonly kind: 'day';
  readonly key: string;
  readonly at: string;
}

/** What follows is new to the reader. */
export interface NewRow {
  readonly kind: 'new';
  readonly key: string;
}

export interface SpeechRow {
  readonly kind: 'speech';
  readonly key: string;
  readonly speech: Speech;
  /** The author is named: somebody else spoke before, or it is a while ago. */
  readonly startsGroup: boolean;
}

/** Between the message that a thread hangs on and what was said to it. */
export interface RootRow {
  readonly kind: 'root';
  readonly key: string;
}

/** Where messages were that have been deleted. */
export interface GoneRow {
  readonly kind: 'gone';
  readonly key: string;
  readonly messages: readonly ChatMessage[];
}

/** What was said in a thread while nobody spoke in the room itself. */
export interface RepliesRow {
  readonly kind: 'replies';
  readonly key: string;
  readonly threadId: string;
  readonly replies: readonly ChatMessage[];
}

export interface WorkRow {
  readonly kind: 'work';
  readonly key: string;
  readonly line: WorkLine;
}

export type Row = DayRow | NewRow | RootRow | SpeechRow | GoneRow | RepliesRow | WorkRow;

/** Who reads, and where what is new to them begins. */
export interface Reader {
  readonly actor: Actor;
  readonly newFrom: number | null;
  /** Whom a message that is not sent yet may call. */
  readonly names: readonly string[];
}

const GROUP_WITHIN = 5 * 60_000;

/** The conversation as it is shown: days, what was said, and between that what was done. Keys stay when more is added. */
export function rowsOf(entries: readonly TimelineEntry[], pending: readonly PendingMessage[], reader: Reader): Row[] {
  const page = new Page(reader);
  for (const event of entries) {
    if (event.type === 'chat.message') {
      page.addMessage(event.data.message);
    } else {
      page.addWork(event);
    }
  }
  page.endRun();
  pending.filter(({ threadId }) => threadId === null).forEach((message) => page.addPending(message));
  return page.rows;
}

/** The messages of a thread: all of them speech. */
export function threadRows(
  messages: readonly ChatMessage[],
  pending: readonly PendingMessage[],
  reader: Reader,
): Row[] {
  const page = new Page({ ...reader, newFrom: null });
  messages.forEach((message, index) => {
    page.addMessage({ ...message, threadId: null, thread: null });
    if (index === 0) {
      page.rows.push({ kind: 'root', key: 'root' });
    }
  });
  pending.forEach((message) => page.addPending(message));
  return page.rows;
}

/** The row in which the place in the log is told of, or the next one. */
export function keyAt(rows: readonly Row[], seq: number): string | null {
  const row = rows.find((one) => lastSeqOf(one) >= seq);
  return row?.key ?? null;
}

/** The message that this person said last. */
export function lastOwn(rows: readonly Row[], userId: string): ChatMessage | null {
  const messages = rows.flatMap((row) => (row.kind === 'speech' ? (row.speech.message ?? []) : []));
  return messages.findLast((message) => message.userId === userId) ?? null;
}

function lastSeqOf(row: Row): number {
  switch (row.kind) {
    case 'speech':
      return row.speech.message?.seq ?? Infinity;
    case 'gone':
      return row.messages.at(-1)?.seq ?? 0;
    case 'replies':
      return row.replies.at(-1)?.seq ?? 0;
    case 'work':
      return row.line.events.at(-1)?.seq ?? 0;
    default:
      return 0;
  }
}

class Page {
  readonly rows: Row[] = [];
  private run: ActivityItem[] = [];
  private day = '';
  private isDivided = false;

  constructor(private readonly reader: Reader) {}

  addWork(event: ActivityItem): void {
    this.startDay(event.timestamp);
    this.run.push(event);
  }

  addMessage(message: ChatMessage): void {
    this.startDay(message.timestamp);
    this.endRun();
    if (message.deletedAt !== null) {
      this.addGone(message);
      return;
    }
    this.divide(message);
    if (message.threadId !== null) {
      this.addReply(message, message.threadId);
    } else {
      this.speak(message.clientMessageId ?? message.id, speechOf(message));
    }
  }

  addPending(message: PendingMessage): void {
    this.startDay(message.createdAt);
    this.endRun();
    this.speak(message.clientMessageId, pendingSpeech(message, this.reader));
  }

  endRun(): void {
    this.rows.push(...collapse(this.run).map((line): WorkRow => ({ kind: 'work', key: line.id, line })));
    this.run = [];
  }

  private startDay(at: string): void {
    const date = new Date(at).toDateString();
    if (date !== this.day) {
      this.endRun();
      this.day = date;
      this.rows.push({ kind: 'day', key: `day ${date}`, at });
    }
  }

  private divide({ seq, userId }: ChatMessage): void {
    const { newFrom, actor } = this.reader;
    if (!this.isDivided && newFrom !== null && seq >= newFrom && userId !== actor.id) {
      this.isDivided = true;
      this.rows.push({ kind: 'new', key: 'new' });
    }
  }

  private speak(key: string, speech: Speech): void {
    this.rows.push({ kind: 'speech', key, speech, startsGroup: !continues(this.rows.at(-1), speech) });
  }

  private addGone(message: ChatMessage): void {
    const last = this.rows.at(-1);
    if (message.threadId !== null) {
      return;
    }
    if (last?.kind === 'gone' && message.thread === null && last.messages.every(({ thread }) => thread === null)) {
      this.rows[this.rows.length - 1] = { ...last, messages: [...last.messages, message] };
    } else {
      this.rows.push({ kind: 'gone', key: `gone ${message.id}`, messages: [message] });
    }
  }

  /** One line for each thread between two messages of the room: it stands where the first reply did, and grows in place. */
  private addReply(message: ChatMessage, threadId: string): void {
    const from = this.rows.findLastIndex(({ kind }) => kind === 'speech' || kind === 'day' || kind === 'new') + 1;
    const at = this.rows.findIndex(
      (row, index) => index >= from && row.kind === 'replies' && row.threadId === threadId,
    );
    const row = this.rows[at];
    if (row?.kind === 'replies') {
      this.rows[at] = { ...row, replies: [...row.replies, message] };
    } else {
      this.rows.push({ kind: 'replies', key: `replies ${message.id}`, threadId, replies: [message] });
    }
  }
}

function continues(row: Row | undefined, { author, at, visibility, replyTo }: Speech): boolean {
  return (
    row?.kind === 'speech' &&
    replyTo === null &&
    row.speech.author.id === author.id &&
    row.speech.author.name === author.name &&
    row.speech.author.type === author.type &&
    row.speech.visibility === visibility &&
    Date.parse(at) - Date.parse(row.speech.at) < GROUP_WITHIN
  );
}

function speechOf(message: ChatMessage): Speech {
  const { author, message: text, mentions, mentionsHere, visibility, replyTo, attachments, timestamp } = message;
  const called = { names: mentions, here: mentionsHere };
  return { author, text, called, visibility, replyTo, attachments, at: timestamp, message, pending: null };
}

function pendingSpeech(pending: PendingMessage, { actor, names }: Reader): Speech {
  const { text, visibility, replyTo, attachments, createdAt } = pending;
  const called = { names, here: true };
  return { author: actor, text, called, visibility, replyTo, attachments, at: createdAt, message: null, pending };
}
