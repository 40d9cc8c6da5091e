import { randomUUID } from 'node:crypto';
import type { PublicEvent, SpectatorConnect, SpectatorWelcome } from '@clawtank/contracts';
import type { HumanCaller } from '../platform/caller.js';
import { Refusal } from '../platform/errors/refusal.js';
import { type LogEntry, spectatorTag } from '../rooms/index.js';
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
  private readonly id = `spectator_${randomUUID()}`;
  private readonly messages: Allowance;
  private readonly mistakes: Allowance;
  private person: HumanCaller | null = null;
  private isInside = false;
  private isOver = false;
  private forgetLine: () => void;
  private last: Promise<void> = Promise.resolve();
  private waiting = 0;

  constructor(
    readonly line: SpectatorLine,
    private readonly desk: SpectatorDesk,
  ) {
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
      await this.identify(handshake.auth_token);
      await this.watch(resumeOf(handshake));
    });
  }

  /** Takes what the spectator says. Nonsense is answered and forgiven a few times a minute. */
  receive(message: Understood): void {
    const now = this.desk.now();
    if (!message.ok) {
      this.complain(message.why);
    } else if (message.data.room_id !== undefined && message.data.room_id !== this.line.roomId) {
      this.complain('data.room_id: this connection is for another room');
    } else if (!this.messages.take(now.getTime()) || this.waiting >= MAX_WAITING) {
      const data = {
        code: 'RATE_LIMITED' as const,
        message: 'Too many messages',
        retry_after: MINUTE_MS,
        permanent: false,
      };
      this.line.send(SpectatorMessage.of('spectator.error', data, now));
    } else {
      this.inOrder(async () => {
        await this.identify(message.data.auth_token);
        await this.watch(resumeOf(message.data));
      });
    }
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

  private complain(why: string): void {
    const now = this.desk.now();
    if (!this.mistakes.take(now.getTime())) {
      this.dismiss(abusive());
      return;
    }
    const data = { code: 'INVALID_MESSAGE' as const, message: why, retry_after: null, permanent: false };
    this.line.send(SpectatorMessage.of('spectator.error', data, now));
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
      spectator_id: this.id,
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
