import { randomUUID } from 'node:crypto';
import type {
  AnswerSpectators,
  DeleteSpectatorMessage,
  ListSpectatorMessages,
  MuteSpectator,
  SpectatorMessagePage,
  SpectatorMessageView,
  SpectatorMute,
  SpectatorSays,
} from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { actorOf, type Caller, type HumanCaller } from '../../platform/caller.js';
import { UnitOfWork, type Work } from '../../platform/database/unit-of-work.js';
import { notFound, Refusal } from '../../platform/errors/refusal.js';
import { type Limiter, RateLimits } from '../../platform/rate-limits.js';
import { AuditLog, publicText, readMembers, RoomAccess, RoomEntity } from '../../rooms/index.js';
import { SpectatorLimits } from '../spectator-limits.js';
import { ChatRefusal, chatClosed, mutedUntil, nameRefused, nothingToAnswer, tooSoon } from './chat-refusal.js';
import { chooseName, usualName } from './domain/display-name.js';
import { isOpen, seesChat } from './domain/chat-mode.js';
import { muteSubjects, type Speaker, speakerKey } from './domain/who-speaks.js';
import { SpectatorChatFeed } from './spectator-chat.feed.js';
import { SpectatorIdentity } from './spectator-identity.js';
import { presentToMembers, SpectatorChatStore, type SpectatorMessageRow } from './spectator-chat.store.js';

/** A spectator's message on its way in. */
export interface Saying {
  readonly roomId: string;
  readonly speaker: Speaker;
  readonly address: string;
  /** The id that its sender gave it. */
  readonly requestId: string | null;
  readonly says: SpectatorSays;
}

/** A message that is to be kept, once it is clear who says it and that they may. */
interface Draft {
  readonly roomId: string;
  readonly speaker: Speaker;
  readonly origin: string | null;
  readonly requestId: string | null;
  readonly displayName: string | null;
  readonly text: string;
  readonly replyTo: string | null;
}

const MINUTE_MS = 60_000;

/**
 * What spectators say to each other beside a room, and what members answer them. It is in no room's log, and no agent has a way to
 * read it; what a member promotes is a message of the room's own. Each room's chat is written in turn, under a row of its own: the
 * room itself is never held, so that members wait for no spectator.
 */
@Injectable()
export class SpectatorChat {
  private readonly perSpeaker: Limiter;
  private readonly perAddress: Limiter;
  private readonly perRoom: Limiter;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly rooms: RoomAccess,
    private readonly store: SpectatorChatStore,
    private readonly feed: SpectatorChatFeed,
    private readonly identity: SpectatorIdentity,
    private readonly audit: AuditLog,
    limits: SpectatorLimits,
    rateLimits: RateLimits,
  ) {
    this.perSpeaker = rateLimits.named('spectator-chat', { points: limits.chatPerSpeaker, seconds: 60 });
    this.perAddress = rateLimits.named('spectator-chat-address', { points: limits.chatPerAddress, seconds: 60 });
    this.perRoom = rateLimits.named('spectator-chat-room', { points: limits.chatPerRoom, seconds: 10 });
  }

  /** Keeps what a spectator says and tells everybody who watches. A repeat with the same id is answered with the first. */
  async say({ roomId, speaker, address, requestId, says }: Saying): Promise<SpectatorMessageRow> {
    const origin = this.identity.originOf(address, roomId);
    await this.perAddress.consume(this.identity.originOf(address, ''));
    return this.keep({
      roomId,
      speaker,
      requestId,
      origin: speaker.type === 'anonymous' ? origin : null,
      displayName: says.display_name ?? null,
      text: says.message,
      replyTo: says.reply_to ?? null,
    });
  }

  /** Keeps what a member answers the spectators. */
  async answer(caller: HumanCaller, request: AnswerSpectators): Promise<SpectatorMessageView> {
    const { room } = await this.rooms.look(caller, request.roomId, 'chat');
    if (!room.isWatchable || room.settings.spectatorChat !== 'interactive') {
      throw new Refusal('forbidden', 'In this room members do not write in the spectators’ chat');
    }
    const speaker: Speaker = { type: 'member', userId: caller.userId, name: caller.name };
    const row = await this.keep({
      roomId: request.roomId,
      speaker,
      requestId: request.clientMessageId ?? null,
      origin: null,
      displayName: null,
      text: request.message,
      replyTo: request.replyTo ?? null,
    }).catch((error: unknown) => {
      throw error instanceof ChatRefusal ? asRefusal(error) : error;
    });
    return presentToMembers(row);
  }

  /** What members see of the chat; those who moderate see it also where others do not. */
  async page(caller: Caller, roomId: string, query: ListSpectatorMessages): Promise<SpectatorMessagePage> {
    const { room, abilities } = await this.rooms.look(caller, roomId, 'read');
    if (caller.type === 'agent') {
      throw new Refusal('forbidden', 'Agents read of spectators only what a member promotes');
    }
    if (!seesChat(room.settings.spectatorChat, abilities)) {
      throw new Refusal('forbidden', 'The spectators of this room keep their chat to themselves');
    }
    return this.store.page(roomId, query);
  }

  /** Takes a message out of the chat, and out of the room if somebody promoted it. */
  delete(caller: HumanCaller, request: DeleteSpectatorMessage): Promise<SpectatorMessageView> {
    const { roomId, spectatorMessageId: id } = request;
    const key = { actorId: caller.id, commandId: request.commandId, name: 'delete_spectator_message', request };
    const remove = async (work: Work): Promise<SpectatorMessageView> => {
      const { abilities } = await this.rooms.look(caller, roomId, 'read', work.manager);
      const revision = await this.store.nextRevision(work, roomId);
      const message = await this.required(work.manager, roomId, id);
      const isOwn = message.speaker === speakerKey({ type: 'member', userId: caller.userId, name: caller.name });
      if (!isOwn && !abilities.includes('delete_any_message')) {
        throw new Refusal('forbidden', 'Only those who moderate the room may delete what others say to its spectators');
      }
      if (message.deleted_at !== null) {
        return presentToMembers(message);
      }
      await this.store.empty(work, revision, id);
      if (!isOwn) {
        const details = { spectatorMessageId: id, seq: Number(message.seq), authorType: message.author_type };
        const deed = { roomId, action: 'spectator_message.deleted', actor: actorOf(caller), details } as const;
        await this.audit.record(work, deed);
      }
      work.announce({
        name: 'spectators.message_deleted',
        data: { roomId, spectatorMessageId: id, deletedBy: actorOf(caller) },
      });
      work.afterCommit(() => this.feed.changed(roomId, revision));
      return presentToMembers(await this.required(work.manager, roomId, id));
    };
    return this.unitOfWork.runOnce(key, remove, this.kept);
  }

  /** Lets whoever said the message say nothing more in this room's chat for so long, by whichever connection they come. */
  mute(caller: HumanCaller, request: MuteSpectator): Promise<SpectatorMute> {
    const { roomId, spectatorMessageId: id, minutes } = request;
    const key = { actorId: caller.id, commandId: request.commandId, name: 'mute_spectator', request };
    return this.unitOfWork.runOnce(key, async (work) => {
      await this.rooms.look(caller, roomId, 'mute_member', work.manager);
      const message = await this.required(work.manager, roomId, id);
      if (message.author_type === 'member') {
        throw new Refusal('forbidden', 'They are a member of the room: mute them there');
      }
      const until = minutes === 0 ? null : new Date(work.now.getTime() + minutes * MINUTE_MS);
      const subjects = muteSubjects(message.speaker, message.author_type, message.origin);
      await this.store.mute(work, roomId, subjects, until);
      await this.audit.record(work, {
        roomId,
        action: until ? 'spectator.muted' : 'spectator.unmuted',
        actor: actorOf(caller),
        details: { spectatorMessageId: id, authorType: message.author_type, ...(until && { minutes }) },
      });
      work.afterCommit(() => this.feed.standingChanged(roomId, subjects));
      return { author: message.display_name, mutedUntil: until?.toISOString() ?? null };
    });
  }

  private async keep(draft: Draft): Promise<SpectatorMessageRow> {
    const { roomId, requestId } = draft;
    const speaker = speakerKey(draft.speaker);
    const earlier = (work: Work) => (requestId === null ? null : this.store.earlier(work, roomId, speaker, requestId));
    const known = await this.unitOfWork.run(async (work) => earlier(work));
    if (known) {
      return known;
    }
    await this.perSpeaker.consume(speaker);
    return this.unitOfWork.run(async (work) => {
      const revision = await this.store.nextRevision(work, roomId);
      // The first one may have been stored while this one waited for the chat.
      const first = await earlier(work);
      if (first) {
        return first;
      }
      const room = await this.requireOpen(work, draft);
      await this.requireTurn(work, room, draft);
      if (draft.replyTo !== null) {
        await this.requireStanding(work, roomId, draft.replyTo);
      }
      const displayName = await this.nameOf(work, roomId, draft);
      await this.perRoom.consume(roomId); // last, or what is refused would take the place of what could be said
      const row = await this.store.insert(work, revision, {
        id: randomUUID(),
        roomId,
        speaker,
        authorType: await this.authorType(work, roomId, draft.speaker),
        displayName,
        body: publicText(draft.text),
        replyTo: draft.replyTo,
        requestId,
        origin: draft.origin,
      });
      work.afterCommit(() => this.feed.changed(roomId, revision));
      return row;
    });
  }

  private async requireOpen({ manager, now }: Work, { roomId, speaker, origin }: Draft): Promise<RoomEntity> {
    const room = await manager.findOneBy(RoomEntity, { id: roomId });
    if (!room || !isOpen(room)) {
      throw chatClosed();
    }
    const subjects = muteSubjects(speakerKey(speaker), speaker.type, origin);
    const until = await this.store.mutedUntil(roomId, subjects, now, manager);
    if (until) {
      throw mutedUntil(until, now);
    }
    if (speaker.type !== 'anonymous') {
      await this.requireVoice(manager, roomId, speaker.userId, now);
    }
    return room;
  }

  /** Whom the room has muted or banned finds no other way to be heard in it. */
  private async requireVoice(manager: EntityManager, roomId: string, userId: string, now: Date): Promise<void> {
    const [seat] = await manager.query<{ muted_until: Date | null }[]>(
      `SELECT muted_until FROM room_members WHERE room_id = $1 AND member_id = $2 AND muted_until > $3`,
      [roomId, userId, now],
    );
    if (seat?.muted_until) {
      throw mutedUntil(seat.muted_until, now);
    }
    if (await this.rooms.isBanned(roomId, userId, manager)) {
      throw chatClosed();
    }
  }

  /** In slow mode spectators wait as members do. */
  private async requireTurn(work: Work, { id, settings }: RoomEntity, { speaker }: Draft): Promise<void> {
    const { slowModeSeconds } = settings;
    if (slowModeSeconds === 0 || speaker.type === 'member') {
      return;
    }
    const last = await this.store.lastSaidAt(work, id, speakerKey(speaker));
    const wait = (last?.getTime() ?? 0) + slowModeSeconds * 1000 - work.now.getTime();
    if (wait > 0) {
      throw tooSoon(slowModeSeconds, wait);
    }
  }

  private async requireStanding({ manager }: Work, roomId: string, id: string): Promise<void> {
    const message = await this.store.find(roomId, id, manager);
    if (!message || message.deleted_at !== null) {
      throw nothingToAnswer();
    }
  }

  private async authorType({ manager }: Work, roomId: string, speaker: Speaker): Promise<Speaker['type']> {
    if (speaker.type !== 'registered') {
      return speaker.type;
    }
    const seats: unknown[] = await manager.query(
      `SELECT 1 FROM room_members WHERE room_id = $1 AND member_id = $2 AND role <> 'guest'`,
      [roomId, speaker.userId],
    );
    return seats.length > 0 ? 'member' : 'registered';
  }

  /** Who is signed in is called by their name; anybody else as they wish, unless that is somebody else's name. */
  private async nameOf({ manager }: Work, roomId: string, { speaker, displayName }: Draft): Promise<string> {
    if (speaker.type !== 'anonymous') {
      return speaker.name;
    }
    if (displayName === null || displayName.trim() === '') {
      return usualName(speaker.spectatorId);
    }
    const members = await readMembers(manager, roomId);
    const decision = chooseName(
      publicText(displayName),
      members.flatMap(({ name, ownerName }) => [name, ownerName ?? '']).filter(Boolean),
    );
    if ('refused' in decision) {
      throw nameRefused(decision.refused);
    }
    const accounts: unknown[] = await manager.query(`SELECT 1 FROM users WHERE lower(username) = lower($1)`, [
      decision.name,
    ]);
    if (accounts.length > 0) {
      throw nameRefused('taken');
    }
    return decision.name;
  }

  private async required(manager: EntityManager, roomId: string, id: string): Promise<SpectatorMessageRow> {
    const message = await this.store.find(roomId, id, manager);
    if (!message) {
      throw notFound('message in the spectators’ chat');
    }
    return message;
  }

  /** Replies are kept by the message's name: its text is copied nowhere. */
  private readonly kept = {
    name: ({ roomId, id }: SpectatorMessageView) => ({ roomId, id }),
    read: async (manager: EntityManager, name: unknown) => {
      const { roomId, id } = name as { roomId: string; id: string };
      return presentToMembers(await this.required(manager, roomId, id));
    },
  };
}

/** What a member hears in place of what a spectator would. */
function asRefusal({ code, message, retryAfter }: ChatRefusal): Refusal {
  const details = retryAfter === null ? {} : { retryAfter };
  switch (code) {
    case 'MUTED':
      return new Refusal('muted', message, details);
    case 'INVALID_MESSAGE':
      return new Refusal('not_found', 'The message that you answer is not in this chat');
    default:
      return new Refusal('forbidden', message, details);
  }
}
