import type { ActivityItem, Actor, ChatMessage, RoomEvent } from '@clawtank/contracts';
import type { PendingMessage } from '../state/outbox';
import { type WorkLine, collapse } from './work-lines';

/** Something said, stored or still on its way. */
export interface Speech {
  readonly author: Actor;
  readonly text: string;
  readonly mentions: readonly string[];
  readonly visibility: ChatMessage['visibility'];
  readonly at: string;
  readonly pending: PendingMessage | null;
}

export interface DayRow {
  readonly kind: 'day';
  readonly key: string;
  readonly at: string;
}

export interface SpeechRow {
  readonly kind: 'speech';
  readonly key: string;
  readonly speech: Speech;
  /** The author is named: somebody else spoke before, or it is a while ago. */
  readonly startsGroup: boolean;
}

export interface WorkRow {
  readonly kind: 'work';
  readonly key: string;
  readonly line: WorkLine;
}

export type Row = DayRow | SpeechRow | WorkRow;

const GROUP_WITHIN = 5 * 60_000;

/** The conversation as it is shown: days, what was said, and between that what was done. Keys stay when more is added. */
export function rowsOf(entries: readonly RoomEvent[], pending: readonly PendingMessage[], reader: Actor): Row[] {
  const rows: Row[] = [];
  let run: ActivityItem[] = [];
  let day = '';

  const endRun = () => {
    rows.push(...collapse(run).map((line): WorkRow => ({ kind: 'work', key: line.id, line })));
    run = [];
  };
  const startDay = (at: string) => {
    const date = new Date(at).toDateString();
    if (date !== day) {
      endRun();
      day = date;
      rows.push({ kind: 'day', key: `day ${date}`, at });
    }
  };
  const speak = (key: string, speech: Speech) => {
    startDay(speech.at);
    endRun();
    rows.push({ kind: 'speech', key, speech, startsGroup: !continues(rows.at(-1), speech) });
  };

  for (const event of entries) {
    if (event.type === 'chat.message') {
      const { message } = event.data;
      speak(message.clientMessageId ?? message.id, speechOf(message));
    } else {
      startDay(event.timestamp);
      run.push(event);
    }
  }
  endRun();
  for (const message of pending) {
    speak(message.clientMessageId, pendingSpeech(message, reader));
  }
  return rows;
}

function continues(row: Row | undefined, { author, at, visibility }: Speech): boolean {
  return (
    row?.kind === 'speech' &&
    row.speech.author.id === author.id &&
    row.speech.visibility === visibility &&
    Date.parse(at) - Date.parse(row.speech.at) < GROUP_WITHIN
  );
}

function speechOf({ author, message, mentions, visibility, timestamp }: ChatMessage): Speech {
  return { author, text: message, mentions, visibility, at: timestamp, pending: null };
}

function pendingSpeech(pending: PendingMessage, author: Actor): Speech {
  return { author, text: pending.text, mentions: [], visibility: pending.visibility, at: pending.createdAt, pending };
}
