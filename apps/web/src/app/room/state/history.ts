import { Service, computed, inject, signal } from '@angular/core';
import type { ChatMessage, MessagePage, RoomEvent, RoomState } from '@clawtank/contracts';
import { MissedChanges } from './missed-changes';
import { type MessageQuery, RoomApi } from './room-api';
import {
  EMPTY_TIMELINE,
  entriesOf,
  joined,
  newestOf,
  shorterEnd,
  shorterList,
  type Timeline,
  timelineAround,
  timelineOf,
  withEvent,
  withNewerActivity,
  withNewerMessages,
  withOlderActivity,
  withOlderMessages,
} from './timeline';

/** Entries kept while the reader follows the newest; older ones are read again when asked for. */
const KEPT = 300;

/**
 * What the conversation shows of a room's past: the live end of it, or, after a jump, a stretch somewhere else, which
 * becomes part of the live one when the reader has read on up to it.
 */
@Service({ autoProvided: false })
export class History {
  private readonly api = inject(RoomApi);
  private readonly newest = signal(EMPTY_TIMELINE);
  private readonly stretch = signal<Timeline | null>(null);
  private readonly missed = new MissedChanges();
  private roomId = '';

  /** Up to now, and as far back as it was read. */
  readonly live = this.newest.asReadonly();
  readonly isAtNewest = computed(() => this.stretch() === null);
  readonly shown = computed(() => this.stretch() ?? this.newest());
  readonly entries = computed(() => entriesOf(this.shown()));
  readonly hasAllEntries = computed(() => shorterList(this.shown()) === null);
  private readonly known = computed(
    () => new Map([...this.newest().messages, ...this.shown().messages].map((message) => [message.id, message])),
  );

  open(roomId: string): void {
    this.roomId = roomId;
  }

  /** A fresh snapshot takes the place of everything: whatever was read before may have changed unheard. */
  startAnew(state: RoomState): void {
    this.newest.set(timelineOf(state));
    this.stretch.set(null);
  }

  apply(event: RoomEvent): void {
    this.missed.hear(event);
    this.newest.update((timeline) => withEvent(timeline, event));
    this.stretch.update((timeline) => timeline && withEvent(timeline, event));
  }

  /** The message, if it is among those that were read. */
  message(id: string): ChatMessage | null {
    return this.known().get(id) ?? null;
  }

  /** Shows the newest again. */
  toNewest(): void {
    this.stretch.set(null);
  }

  /** Lets go of what lies far behind. */
  trim(): void {
    this.newest.update((timeline) => newestOf(timeline, KEPT));
  }

  /** Shows the place in the room's log, read from the server if need be. */
  async goTo(seq: number): Promise<void> {
    if (this.entries().some((entry) => entry.seq === seq)) {
      return;
    }
    if (entriesOf(this.newest()).some((entry) => entry.seq === seq)) {
      this.stretch.set(null);
      return;
    }
    const [talk, work] = await Promise.all([
      this.messages({ around: seq }),
      this.api.activity(this.roomId, { around: seq }),
    ]);
    this.show(timelineAround(talk, work));
  }

  /** Reads one page further back, of whichever list the conversation lacks. */
  async readOlder(): Promise<void> {
    const list = shorterList(this.shown());
    if (list === 'messages') {
      const { messages } = this.shown();
      const page = await this.messages({ before: messages[0]?.seq ?? 1 });
      this.extend(messages, (timeline) => withOlderMessages(timeline, page));
    } else if (list === 'activity') {
      const { activity } = this.shown();
      const page = await this.api.activity(this.roomId, { before: activity[0]?.seq ?? 1 });
      this.extend(activity, (timeline) => withOlderActivity(timeline, page));
    }
  }

  /** Reads one page further on, until the live end is reached. */
  async readNewer(): Promise<void> {
    const list = shorterEnd(this.shown());
    if (list === 'messages') {
      const { messages } = this.shown();
      const page = await this.messages({ after: messages.at(-1)?.seq ?? 0 });
      this.extend(messages, (timeline) => withNewerMessages(timeline, page));
    } else if (list === 'activity') {
      const { activity } = this.shown();
      const page = await this.api.activity(this.roomId, { after: activity.at(-1)?.seq ?? 0 });
      this.extend(activity, (timeline) => withNewerActivity(timeline, page));
    }
  }

  /** One message, wherever it is. */
  async fetch(id: string): Promise<ChatMessage> {
    const [message] = await this.missed.reading(async () => [await this.api.message(this.roomId, id)]);
    if (!message) {
      throw new Error('One message was asked for, and none is left');
    }
    return message;
  }

  /** A page of messages, with all that has happened to them since it was asked for. */
  async messages(query: MessageQuery): Promise<MessagePage> {
    let page: MessagePage = { messages: [], hasMore: false, hasNewer: false };
    const messages = await this.missed.reading(async () => {
      page = await this.api.messages(this.roomId, query);
      return page.messages;
    });
    return { ...page, messages };
  }

  /** Adds a page to the timeline that it was asked for, unless that is no longer shown from where it was. */
  private extend(asked: readonly { readonly seq: number }[], change: (timeline: Timeline) => Timeline): void {
    const shown = this.shown();
    const lists: readonly (readonly { readonly seq: number }[])[] = [shown.messages, shown.activity];
    if (!lists.some((list) => list[0]?.seq === asked[0]?.seq)) {
      return;
    }
    if (this.stretch() === null) {
      this.newest.update(change);
    } else {
      this.show(change(shown));
    }
  }

  private show(past: Timeline): void {
    const all = joined(past, this.newest());
    if (all) {
      this.newest.set(all);
    }
    this.stretch.set(all ? null : past);
  }
}
