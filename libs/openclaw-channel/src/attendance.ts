import { once } from 'node:events';
import type { AgentRoom } from '@clawtank/agent-sdk';
import { type AgentSelf, asksForWork, type ChatMessage, type DirectMessage, type RoomState } from '@clawtank/contracts';
import type { Account } from './config.js';
import type { Cursors } from './cursors.js';
import { isAddressed, isForIt } from './domain/attention.js';
import { replyId } from './domain/said-id.js';
import { formatTarget, type Target } from './domain/target.js';
import { directPrompt, messagePrompt } from './domain/words.js';
import { type History, NotThere } from './history.js';
import { Inbox } from './inbox.js';
import type { Mouth, Place } from './mouth.js';
import type { Resumptions } from './resumptions.js';
import type { Turn, TurnEnd, Turns } from './turns.js';

/** How much of what was said before the agent is told. */
const MAX_BEFORE = 10;
/** How long a task may take to appear after the message that asks for it. */
const TASK_WITHIN_MS = 10_000;

interface Parts {
  readonly account: Account;
  readonly cursors: Cursors;
  readonly history: History;
  readonly mouth: Mouth;
  readonly turns: Turns;
  readonly resumptions: Resumptions;
  self(): AgentSelf;
  report(doing: string, error: unknown): void;
  /** Aborted when the agent stops listening everywhere. */
  readonly signal: AbortSignal;
}

/** The agent's ears in one room, from when it has a seat there until it loses it: what is said to it is answered. */
export class Attendance {
  readonly roomName: string;
  private readonly leaving = new AbortController();
  private readonly signal: AbortSignal;
  private readonly inboxes = new Map<string, Inbox<DirectMessage>>();
  private readonly inbox: Inbox<ChatMessage>;
  private lastHeard = 0;

  constructor(
    private readonly room: AgentRoom,
    private readonly parts: Parts,
  ) {
    this.roomName = room.state?.room.name ?? room.id;
    this.signal = AbortSignal.any([this.leaving.signal, parts.signal]);
    const target: Target = { kind: 'room', roomId: room.id };
    this.inbox = this.inboxOf(target, {
      fetch: (after) => parts.history.messages(room.id, after),
      handle: (message: ChatMessage) => this.answer(target, message),
    });
  }

  /** Listens from here on, and to what was said since the agent listened last; if it never did, to nothing of what was said before. */
  begin(seq: number, isNew: boolean): void {
    if (isNew) {
      this.inbox.startAfter(seq);
    } else {
      this.inbox.catchUp();
    }
    void this.catchUpDirectly(isNew);
  }

  /** The connection is there again; without a hole in what was told, if `recovered`. Direct messages are not told twice. */
  resume(recovered: boolean): void {
    if (!recovered) {
      this.inbox.catchUp();
    }
    void this.catchUpDirectly(false);
  }

  hear(message: ChatMessage): void {
    this.inbox.hear(message);
  }

  hearDirectly(message: DirectMessage): void {
    const other = message.memberIds.find((id) => id !== this.parts.self().agentId);
    if (other !== undefined && message.editedAt === null && message.deletedAt === null) {
      this.directInbox(other).hear(message);
    }
  }

  /** The seat is lost: nothing more is answered, and nothing is said any more. */
  end(): void {
    this.leaving.abort();
  }

  private async catchUpDirectly(isNew: boolean): Promise<void> {
    const { history, report } = this.parts;
    try {
      for (const memberId of await history.correspondents(this.room.id)) {
        const newest = isNew ? (await history.directMessages(this.room.id, memberId, null)).at(-1) : undefined;
        if (newest) {
          this.directInbox(memberId).startAfter(newest.seq);
        } else {
          this.directInbox(memberId).catchUp();
        }
      }
    } catch (error) {
      report('looking for direct messages', error);
    }
  }

  private directInbox(memberId: string): Inbox<DirectMessage> {
    const known = this.inboxes.get(memberId);
    if (known) {
      return known;
    }
    const target: Target = { kind: 'direct', roomId: this.room.id, memberId };
    const inbox = this.inboxOf(target, {
      fetch: (after) => this.parts.history.directMessages(this.room.id, memberId, after),
      handle: (message: DirectMessage) => this.answerDirectly(target, message),
    });
    this.inboxes.set(memberId, inbox);
    return inbox;
  }

  private inboxOf<Message extends { readonly seq: number }>(
    target: Target,
    {
      fetch,
      handle,
    }: {
      fetch(after: number | null): Promise<readonly Message[]>;
      handle(message: Message): Promise<void>;
    },
  ): Inbox<Message> {
    const { cursors, report } = this.parts;
    return new Inbox<Message>({
      conversation: formatTarget(target),
      cursors,
      report,
      signal: this.signal,
      handle,
      fetch: async (after) => {
        try {
          return await fetch(after);
        } catch (error) {
          if (error instanceof NotThere) {
            return []; // the seat is lost, and with it what was said
          }
          throw error;
        }
      },
    });
  }

  private async answer(target: Target, message: ChatMessage): Promise<void> {
    const { account, self } = this.parts;
    const { state } = this.room;
    const me = self();
    if (!state || this.isFromBefore(message)) {
      return;
    }
    const isSpokenTo = isAddressed(message, me, await this.authorOfAnswered(message));
    if (!isForIt(message, me, isSpokenTo, account) || (await this.becomesTask(message))) {
      return;
    }
    const before = state.messages
      .filter((one) => one.seq < message.seq && one.seq > this.lastHeard && one.author.id !== me.agentId)
      .filter(({ deletedAt }) => deletedAt === null)
      .slice(-MAX_BEFORE);
    const place: Place = {
      replyTo: message.id,
      visibility: message.visibility,
      ...(message.threadId !== null && { threadId: message.threadId }),
    };
    const prompt = messagePrompt(message, before, state.room, me);
    if ((await this.converse(target, message, place, isSpokenTo, prompt)) !== 'refused') {
      this.lastHeard = message.seq;
    }
  }

  private async answerDirectly(target: Target, message: DirectMessage): Promise<void> {
    const { state } = this.room;
    const me = this.parts.self();
    if (state && message.userId !== me.agentId && message.deletedAt === null && !this.isFromBefore(message)) {
      await this.converse(target, message, {}, true, directPrompt(message, state.room, me));
    }
  }

  /**
   * Has the agent take its turn, and posts what it says. What OpenClaw was at when it was killed it answers by itself, if it can; if no
   * such answer comes, the agent is asked again. Whichever answer is posted first has the id of the answer, and no other can have it.
   */
  private async converse(
    target: Target,
    message: Pick<ChatMessage, 'id' | 'author' | 'timestamp'>,
    place: Place,
    isSpokenTo: boolean,
    prompt: string,
  ): Promise<TurnEnd> {
    const { mouth, turns, resumptions } = this.parts;
    const { decide, answered } = resumptions.tell(target, message.id, place);
    let parts = 0;
    const turn: Turn = {
      ...{ target, isSpokenTo, prompt, id: message.id, from: message.author, signal: this.signal },
      at: new Date(message.timestamp),
      onStart: () => decide(false),
      answer: async (text) => {
        const first = parts;
        parts += (await mouth.say(target, text, (part) => replyId(message.id, first + part), place)).length;
        answered();
      },
    };
    const end = await turns.take(turn);
    decide(end === 'elsewhere');
    if (end !== 'elsewhere' || this.hasAnswered(message) || (await resumptions.isAnswered(target, this.signal))) {
      return end;
    }
    return this.signal.aborted ? end : turns.take({ ...turn, id: `${message.id}:again` });
  }

  private hasAnswered({ id }: Pick<ChatMessage, 'id'>): boolean {
    return this.room.state?.messages.some(({ clientMessageId }) => clientMessageId === replyId(id, 0)) ?? false;
  }

  /** A mention that asks for work is a task, and dealt with as one. The server makes it a moment after the message. */
  private async becomesTask(message: ChatMessage): Promise<boolean> {
    const { agentId, name } = this.parts.self();
    const isMentioned = message.mentions.some((one) => one.toLowerCase() === name.toLowerCase());
    if (!isMentioned || !asksForWork(message.message)) {
      return false;
    }
    const isMade = (state: RoomState | null): boolean =>
      state?.tasks.some((task) => task.sourceMessageId === message.id && task.assignedTo?.id === agentId) ?? false;
    const limit = AbortSignal.any([AbortSignal.timeout(TASK_WITHIN_MS), this.signal]);
    while (!isMade(this.room.state)) {
      try {
        await once(this.room, 'activity', { signal: limit });
      } catch {
        return isMade(this.room.state);
      }
    }
    return true;
  }

  /** What was said before the agent had its seat was not said to it. */
  private isFromBefore({ timestamp }: { readonly timestamp: string }): boolean {
    const seat = this.room.state?.members.find(({ id }) => id === this.parts.self().agentId);
    return seat !== undefined && timestamp < seat.joinedAt;
  }

  /** Whose message is answered by this one, or whose thread it is in; null if it stands alone. */
  private async authorOfAnswered({ replyTo, threadId }: ChatMessage): Promise<string | null> {
    const id = replyTo ?? threadId;
    if (id === null) {
      return null;
    }
    const known = this.room.state?.messages.find((one) => one.id === id);
    if (known) {
      return known.author.id;
    }
    try {
      return (await this.parts.history.message(this.room.id, id)).author.id;
    } catch (error) {
      if (error instanceof NotThere) {
        return null;
      }
      throw error;
    }
  }
}
