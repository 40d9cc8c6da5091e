import type { PublicEvent, SpectatorConnect, SpectatorErrorCode, SpectatorWelcome } from '@clawtank/contracts';
import type { HumanCaller } from '../platform/caller.js';
import { Refusal } from '../platform/errors/refusal.js';
import { type LogEntry, spectatorTag } from '../rooms/index.js';
import { ChatRefusal, chatClosed } from './chat/chat-refusal.js';
import { muteSubjects, type Speaker, speakerKey, spectatorIdOf } from './chat/domain/who-speaks.js';
import { Allowance } from './domain/allowance.js';
import { type Resume, resumeOf, type Understood } from './domain/incoming-message.js';
import { isTooMuchAtOnce } from './domain/replay.js';
import type { PublicRoom } from './public-room.reader.js';
import type { SpectatorDesk } from './spectator-desk.js';
import type { SpectatorLine } from './spectator-line.js';
import { SpectatorMessage } from './spectator-message.js';
import { abusive, asSpectatorRefusal, banned, cutOff, type SpectatorRefusal } from './spectator-refusal.js';
import type { WatchedRoom, Watcher } from './watched-room.js';

const MINUTE_MS = 60_000;
const MAX_WAITING = 8;
/** Past this many entries between what was read and what the feed has, reading again is the shorter way. */
const MAX_CAUGHT_UP = 1000;
const MAX_ATTEMPTS = 5;
const EVENTS_A_MESSAGE = 100;

/** One spectator: who they are, where their stream began, and what they may still say. The same for every transport. */
export class SpectatorSession implements Watcher {
  private id: string;
  private readonly messages: Allowance;
  private readonly mistakes: Allowance;
  private person: HumanCaller | null = null;
  private isInside = false;
  private isAttached = false;
  private isOver = false;
  private forgetLine: () => void;
  private last: Promise<void> = Promise.resolve();
  private waiting = 0;

  constructor(
    readonly line: SpectatorLine,
    private readonly desk: SpectatorDesk,
  ) {
    this.id = desk.identity.create();
    this.messages = new Allowance(desk.limits.messagesPerMinute, MINUTE_MS);
    this.mistakes = new Allowance(desk.limits.mistakesPerMinute, MINUTE_MS);
    this.forgetLine = this.keepLine();
  }

  get isRegistered(): boolean {
    return this.person !== null;
  }

  /** Lets the spectator in, with what the handshake said. */
  arrive(handshake: SpectatorConnect): void {
    this.inOrder(async () => {
      await this.desk.admit(this.line.address);
      await this.connect(handshake);
    });
  }

  /** Takes what the spectator says. Nonsense is answered and forgiven a few times a minute. */
  receive(message: Understood): void {
    const now = this.desk.now();
    if (!message.ok) {
      this.complain(message.why, message.requestId);
    } else if (message.data.room_id !== undefined && message.data.room_id !== this.line.roomId) {
      this.complain('data.room_id: this connection is for another room');
    } else if (!this.messages.take(now.getTime()) || this.waiting >= MAX_WAITING) {
      const requestId = message.type === 'spectator.chat_message' ? message.requestId : null;
      this.refuse('RATE_LIMITED', 'Too many messages', MINUTE_MS, requestId);
    } else if (message.type === 'spectator.chat_message') {
      this.inOrder(() => this.say(message));
    } else {
      this.inOrder(() => this.connect(message.data));
    }
  }

  chatChanged(subjects?: readonly string[]): void {
    if (!this.isAttached || (subjects && !this.muteSubjects.some((subject) => subjects.includes(subject)))) {
      return;
    }
    this.inOrder(() => this.openChat(undefined));
  }

  dismiss(refusal: SpectatorRefusal): void {
    if (!this.isOver) {
      this.line.send(SpectatorMessage.of('spectator.error', refusal.data, this.desk.now()));
      this.line.close(refusal.closeCode, refusal.message);
      this.end();
    }
  }

  /** The line is gone. */
  end(): void {
    if (!this.isOver) {
      this.isOver = true;
      this.forgetLine();
      this.desk.rooms.leave(this.line.roomId, this);
      this.desk.closed(this);
    }
  }

  private inOrder(task: () => Promise<void>): void {
    this.waiting++;
    this.last = this.last
      .then(() => (this.isOver ? undefined : task()))
      .catch((error: unknown) => {
        const { refusal, isBug } = asSpectatorRefusal(error);
        if (isBug && !this.isOver) {
          this.desk.logger.error(error);
        }
        this.dismiss(refusal);
      })
      .finally(() => this.waiting--);
  }

  private async connect(connect: SpectatorConnect): Promise<void> {
    await this.identify(connect.auth_token);
    this.recognise(connect.spectator_token);
    await this.watch(resumeOf(connect));
    await this.openChat(connect.last_chat_revision);
  }

  /** Whoever comes back without an account is the same spectator, if they can prove it. */
  private recognise(token: string | undefined): void {
    const known = token === undefined ? null : this.desk.identity.identify(token);
    if (known) {
      this.id = known;
    } else if (token !== undefined) {
      this.complain('data.spectator_token: not valid, so you are somebody new');
    }
  }

  private get speaker(): Speaker {
    return this.person
      ? { type: 'registered', userId: this.person.userId, name: this.person.name }
      : { type: 'anonymous', spectatorId: this.id };
  }

  private get origin(): string {
    return this.desk.identity.originOf(this.line.address, this.line.roomId);
  }

  private get muteSubjects(): readonly string[] {
    return muteSubjects(speakerKey(this.speaker), this.speaker.type, this.origin);
  }

  /** Tells the chat as it is. The line follows the room by now: what is said after this was read reaches it by itself. */
  private async openChat(lastRevision: number | undefined): Promise<void> {
    const { roomId } = this.line;
    const chat = await this.desk.chatReader.read({ roomId, speaker: this.speaker, origin: this.origin, lastRevision });
    if (!this.isOver) {
      this.desk.chatFeed.follow(roomId, chat.revision);
      this.line.send(SpectatorMessage.of('spectator.chat', chat, this.desk.now()));
    }
  }

  private async say({ data: says, requestId }: Extract<Understood, { type: 'spectator.chat_message' }>): Promise<void> {
    const { roomId, address } = this.line;
    try {
      const row = await this.desk.chat.say({ roomId, address, speaker: this.speaker, requestId, says });
      const data = { room_id: roomId, request_id: requestId, message_id: row.id, seq: Number(row.seq) };
      this.line.send(SpectatorMessage.of('spectator.chat_accepted', data, this.desk.now()));
    } catch (error) {
      const { code, message, retryAfter } = asChatRefusal(error);
      this.refuse(code, message, retryAfter, requestId);
    }
  }

  /** Says what is not taken, and why. The connection stays. */
  private refuse(
    code: SpectatorErrorCode,
    message: string,
    retryAfter: number | null,
    requestId?: string | null,
  ): void {
    const data = {
      code,
      message,
      retry_after: retryAfter,
      permanent: false,
      ...(requestId && { request_id: requestId }),
    };
    this.line.send(SpectatorMessage.of('spectator.error', data, this.desk.now()));
  }

  private complain(why: string, requestId?: string): void {
    const now = this.desk.now();
    if (!this.mistakes.take(now.getTime())) {
      this.dismiss(abusive());
      return;
    }
    this.refuse('INVALID_MESSAGE', why, null, requestId);
  }

  /** Learns who it is from a person's access token. A token that is no good leaves the spectator anonymous. */
  private async identify(token: string | null | undefined): Promise<void> {
    if (!token || this.person) {
      return;
    }
    const caller = await this.desk.authenticator.authenticate(token).catch((error: unknown) => {
      if (error instanceof Refusal && error.code !== 'internal') {
        return null;
      }
      throw error;
    });
    if (caller?.type !== 'human') {
      this.complain('data.auth_token: not valid, so you are watching without an account');
      return;
    }
    if (this.isOver) {
      return;
    }
    this.person = caller;
    this.forgetLine();
    this.forgetLine = this.keepLine();
    if (await this.desk.access.isBanned(this.line.roomId, caller.userId)) {
      throw banned();
    }
    if (this.isInside && !this.isOver) {
      this.desk.rooms.registered(this.line.roomId);
    }
  }

  /** Starts the stream, or starts it anew: a welcome, what was missed if anything, and from then on all that happens. */
  private async watch(resume: Resume | null): Promise<void> {
    const { roomId } = this.line;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const room = await this.desk.reader.read(roomId, resume?.lastPublicSeq);
      if (this.isOver) {
        return;
      }
      const watched = await this.enter();
      const replay = resume && (await this.desk.reader.replay(roomId, room, resume));
      const attached = await this.desk.feed.catchUp(roomId, room.seq, MAX_CAUGHT_UP, (missed) =>
        this.attach(watched, room, missed, resume, replay),
      );
      if (attached || this.isOver) {
        return;
      }
      this.desk.reader.forget(roomId);
    }
    throw new Error(`Room ${roomId} changes faster than it can be read`);
  }

  private async enter(): Promise<WatchedRoom> {
    const entering = this.isInside
      ? this.desk.rooms.find(this.line.roomId)
      : this.desk.rooms.enter(this.line.roomId, this);
    this.isInside = true;
    return entering;
  }

  /** Called in the turn in which the feed has delivered exactly `missed` beyond `room`. False if that is not how to begin. */
  private attach(
    watched: WatchedRoom,
    room: PublicRoom,
    missed: readonly LogEntry[],
    resume: Resume | null,
    replay: readonly PublicEvent[] | null,
  ): boolean {
    const head = this.desk.feed.headOf(this.line.roomId);
    if (this.isOver || head.epoch !== room.epoch || missed.some(({ event }) => event.type === 'room.updated')) {
      return false;
    }
    const since = missed.flatMap(({ publicEvent }) => publicEvent ?? []);
    if (isTooMuchAtOnce(since)) {
      return false;
    }
    const events = [...(replay ?? []), ...since];
    const welcome: SpectatorWelcome = {
      room_info: room.info,
      current_state: replay ? null : room.state,
      spectator_id: spectatorIdOf(speakerKey(this.speaker)),
      spectator_token: this.desk.identity.tokenFor(this.id),
      public_seq: replay && resume ? resume.lastPublicSeq : room.publicSeq,
      epoch: room.epoch,
      recovered: replay !== null,
      presence: watched.presence,
    };
    const opening = [SpectatorMessage.of('spectator.welcome', welcome, this.desk.now())];
    for (let start = 0; start < events.length; start += EVENTS_A_MESSAGE) {
      opening.push(watched.activity(events.slice(start, start + EVENTS_A_MESSAGE)));
    }
    watched.attach(this.line, opening);
    this.isAttached = true;
    return true;
  }

  private keepLine(): () => void {
    const { person } = this;
    const owner = person
      ? [
          `user:${person.userId}`,
          spectatorTag(this.line.roomId, person.userId),
          ...(person.sessionId ? [`session:${person.sessionId}`] : []),
        ]
      : [];
    return this.desk.connections.keep({
      tags: ['spectators', ...owner],
      close: (reason) => this.dismiss(cutOff(reason)),
    });
  }
}

/** What a spectator hears of it that their message was not taken; anything else is a bug. */
function asChatRefusal(error: unknown): ChatRefusal {
  if (error instanceof ChatRefusal) {
    return error;
  }
  if (error instanceof Refusal && error.code === 'rate_limited') {
    return new ChatRefusal('RATE_LIMITED', error.message, error.retryAfter ?? null);
  }
  if (error instanceof Refusal && error.code === 'not_found') {
    return chatClosed();
  }
  throw error;
}
