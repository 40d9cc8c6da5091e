import type { ChatMessage } from '@clawtank/contracts';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BUS, type Bus } from '../../platform/bus/bus.js';
import { type AgentCaller, SYSTEM } from '../../platform/caller.js';
import { Clock } from '../../platform/clock.js';
import { GatheredReads } from '../../platform/database/gathered-reads.js';
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.js';
import { Refusal } from '../../platform/errors/refusal.js';
import { type LogEntry, RoomAccess, RoomFeed, RoomSnapshot } from '../../rooms/index.js';
import { concernsOfTasks } from '../domain/addressed.js';
import { contentOf, CursorContent, isOfEpoch, type Place, placeAt, type Places, placesOf } from '../domain/cursor.js';
import { type Outcome, Wait } from './wait.js';

/** Past this many entries in a room it is shorter to say what waits there now. */
const MAX_MISSED = 1000;
/** Waits of one agent at once in one process. */
const MAX_WAITS = 100;
/** Tells every process of an agent that was given a seat. */
const SEATED_CHANNEL = 'mcp:seated';

export interface WaitRequest {
  /** Only this room. */
  readonly roomId?: string | undefined;
  /** The cursor of the wait before. */
  readonly after?: string | undefined;
}

interface SeatRow {
  readonly room_id: string;
  readonly joined_seq: string;
  readonly epoch: string;
  readonly last_seq: string;
}

interface MaybeAnswer {
  readonly messageId: string;
  readonly agentId: string;
}

/**
 * Lets agents wait for what is addressed to them. A wait reads what came since its cursor, and from then on hears of the rooms by
 * the feed, which tells all who wait together: nobody asks the database while nothing happens.
 */
@Injectable()
export class EventWaits implements OnModuleInit, BeforeApplicationShutdown {
  private readonly byRoom = new Map<string, Set<Wait>>();
  private readonly byAgent = new Map<string, Set<Wait>>();
  private isStopping = false;
  private readonly answers = new GatheredReads<MaybeAnswer, true>(
    ({ messageId, agentId }) => `${messageId} ${agentId}`,
    (asked) => this.readAnswers(asked),
  );

  constructor(
    private readonly dataSource: DataSource,
    private readonly access: RoomAccess,
    private readonly snapshots: RoomSnapshot,
    private readonly feed: RoomFeed,
    private readonly clock: Clock,
    @Inject(BUS) private readonly bus: Bus,
  ) {
    feed.listen({
      entries: (roomId, epoch, entries) =>
        this.byRoom.get(roomId)?.forEach((wait) => wait.take(roomId, epoch, entries)),
      ended: (roomId) => this.leaveToTheirCursors(roomId),
    });
    feed.onPublished((_, entries) => this.announceSeats(entries));
  }

  async onModuleInit(): Promise<void> {
    await this.bus.subscribe(SEATED_CHANNEL, (agentId) => this.look(agentId as string));
  }

  /** Whoever waits is answered before the process stops, and goes on elsewhere with its cursor. */
  beforeApplicationShutdown(): void {
    this.isStopping = true;
    this.byAgent.forEach((waits) => waits.forEach((wait) => wait.cutShort()));
  }

  /** How many waits of the agent are open in this process. */
  countOf(agentId: string): number {
    return this.byAgent.get(agentId)?.size ?? 0;
  }

  /** Begins a wait: from then on nothing is missed. Refuses a room that the agent has no seat in. */
  async open(caller: AgentCaller, { roomId, after }: WaitRequest): Promise<Wait> {
    if (roomId !== undefined) {
      await this.access.arrive(caller, roomId);
    }
    const places = after === undefined ? null : placesOf(decodeCursor(CursorContent, after));
    return this.begin(caller, roomId ?? null, places);
  }

  /** Waits until something is addressed to the agent, or `end` is aborted, and lets go of the wait. */
  async finish(caller: AgentCaller, wait: Wait, end: AbortSignal): Promise<Outcome> {
    for (let open = wait; ;) {
      const outcome = await open.until(end).finally(() => this.close(open));
      if (outcome.heard.length > 0 || outcome.missedIn.length > 0 || end.aborted || this.isStopping) {
        return outcome;
      }
      open = await this.begin(caller, wait.roomId, outcome.places);
    }
  }

  cursorOf({ places }: Outcome): string {
    return encodeCursor(contentOf(places));
  }

  private async begin(caller: AgentCaller, roomId: string | null, known: Places | null): Promise<Wait> {
    if (this.countOf(caller.agentId) >= MAX_WAITS) {
      throw new Refusal('rate_limited', `An agent may wait ${MAX_WAITS} times at once`, { retryAfter: 1000 });
    }
    const answersAgent = ({ id: messageId }: ChatMessage) => this.isAnswer(messageId, caller.agentId);
    const wait = new Wait({ id: caller.agentId, name: caller.name }, roomId, known ?? new Map(), answersAgent);
    addTo(this.byAgent, caller.agentId, wait);
    if (this.isStopping) {
      wait.cutShort();
    }
    try {
      await this.followRooms(wait, known);
      return wait;
    } catch (error) {
      this.close(wait);
      throw error;
    }
  }

  private async followRooms(wait: Wait, known: Places | null): Promise<void> {
    const seats = await this.seatsOf(wait.agent.id);
    const isMeant = (roomId: string): boolean => wait.roomId === null || wait.roomId === roomId;
    for (const [roomId, { seq }] of known ?? []) {
      if (isMeant(roomId) && !seats.some((seat) => seat.room_id === roomId)) {
        wait.lose(roomId, { kind: 'seat_lost', roomId, seq, at: this.clock.now().toISOString(), actor: SYSTEM });
      }
    }
    for (const seat of seats) {
      const head = Number(seat.last_seq);
      if (isMeant(seat.room_id)) {
        await this.follow(wait, seat.room_id, placeToBeginAt(seat, known), head);
      } else if (known === null) {
        wait.begin(seat.room_id, placeAt(seat.epoch, head), [], false);
      }
    }
  }

  /** Lets the wait read the room from `place` on, or without one from now on with what waits there. */
  private async follow(wait: Wait, roomId: string, place: Place | 'lost' | null, head: number): Promise<void> {
    await this.feed.open(roomId);
    let isFollowing = false;
    const attach = (missed: readonly LogEntry[]): true => {
      wait.take(roomId, this.feed.headOf(roomId).epoch, missed);
      addTo(this.byRoom, roomId, wait);
      isFollowing = true;
      return true;
    };
    try {
      if (place === null || place === 'lost' || !(await this.catchUp(roomId, place, head, attach))) {
        await this.startAnew(wait, roomId, place !== null, attach);
      }
    } finally {
      if (!isFollowing) {
        this.feed.close(roomId);
      }
    }
  }

  private async catchUp(
    roomId: string,
    place: Place,
    head: number,
    attach: (missed: readonly LogEntry[]) => true,
  ): Promise<true | null> {
    return isOfEpoch(place, this.feed.headOf(roomId).epoch)
      ? this.feed.catchUp(roomId, place.seq, MAX_MISSED, attach, head)
      : null;
  }

  private async startAnew(
    wait: Wait,
    roomId: string,
    hasMissed: boolean,
    attach: (missed: readonly LogEntry[]) => true,
  ): Promise<void> {
    for (let isFollowing: true | null = null; isFollowing === null;) {
      const { epoch, seq, tasks } = await this.snapshots.read(roomId);
      const waiting = concernsOfTasks(wait.agent, tasks).map((concern) => ({
        ...concern,
        roomId,
        seq,
        at: concern.task.updatedAt,
        actor: concern.task.createdBy,
      }));
      isFollowing = await this.feed.catchUp(roomId, seq, MAX_MISSED, (missed) => {
        wait.begin(roomId, placeAt(epoch, seq), waiting, hasMissed);
        return attach(missed);
      });
    }
  }

  private close(wait: Wait): void {
    removeFrom(this.byAgent, wait.agent.id, wait);
    for (const [roomId, waits] of [...this.byRoom]) {
      if (waits.has(wait)) {
        removeFrom(this.byRoom, roomId, wait);
        this.feed.close(roomId);
      }
    }
  }

  /** The log of a room is gone or was replaced: those who wait look again, with the places they have. */
  private leaveToTheirCursors(roomId: string): void {
    const waits = this.byRoom.get(roomId) ?? [];
    this.byRoom.delete(roomId); // with the feed's own
    waits.forEach((wait) => wait.cutShort());
  }

  private announceSeats(entries: readonly LogEntry[]): void {
    for (const { event } of entries) {
      if (event.type === 'agent.joined') {
        void this.bus.publish(SEATED_CHANNEL, event.data.member.id);
      }
    }
  }

  private look(agentId: string): void {
    for (const wait of this.byAgent.get(agentId) ?? []) {
      if (wait.roomId === null) {
        wait.cutShort();
      }
    }
  }

  private seatsOf(agentId: string): Promise<SeatRow[]> {
    return this.dataSource.query<SeatRow[]>(
      `SELECT seat.room_id, seat.joined_seq, room.epoch, room.last_seq
       FROM room_members seat JOIN rooms room ON room.id = seat.room_id WHERE seat.member_id = $1 ORDER BY seat.room_id`,
      [agentId],
    );
  }

  private async isAnswer(messageId: string, agentId: string): Promise<boolean> {
    return (await this.answers.ask({ messageId, agentId })) ?? false;
  }

  /** Which messages answer something that the agent said, or belong to a thread that it took part in. */
  private async readAnswers(asked: readonly MaybeAnswer[]): Promise<ReadonlyMap<string, true>> {
    const rows = await this.dataSource.query<{ message_id: string; agent_id: string }[]>(
      `SELECT asked.message_id, asked.agent_id
       FROM unnest($1::uuid[], $2::uuid[]) AS asked (message_id, agent_id) JOIN messages said ON said.id = asked.message_id
       WHERE EXISTS (SELECT FROM messages answered WHERE answered.id = said.reply_to_id AND answered.author_id = asked.agent_id)
          OR EXISTS (SELECT FROM messages spoken WHERE (spoken.id = said.thread_id OR spoken.thread_id = said.thread_id)
                       AND spoken.author_id = asked.agent_id AND spoken.deleted_at IS NULL)`,
      [asked.map(({ messageId }) => messageId), asked.map(({ agentId }) => agentId)],
    );
    return new Map(rows.map(({ message_id, agent_id }) => [`${message_id} ${agent_id}`, true]));
  }
}

/** A room that is not in the cursor is read from when the agent was given its seat. */
function placeToBeginAt({ room_id, joined_seq, epoch }: SeatRow, known: Places | null): Place | 'lost' | null {
  if (known === null) {
    return null;
  }
  const place = known.get(room_id);
  if (!place) {
    return placeAt(epoch, Number(joined_seq) - 1);
  }
  return isOfEpoch(place, epoch) ? place : 'lost';
}

function addTo(waits: Map<string, Set<Wait>>, key: string, wait: Wait): void {
  waits.set(key, (waits.get(key) ?? new Set()).add(wait));
}

function removeFrom(waits: Map<string, Set<Wait>>, key: string, wait: Wait): void {
  const others = waits.get(key);
  others?.delete(wait);
  if (others?.size === 0) {
    waits.delete(key);
  }
}
