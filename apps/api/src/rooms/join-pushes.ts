import type { Ability, ChatMessage, RoomChange, RoomEvent, RoomJoined, RoomState } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { SharedPush } from '../platform/sockets/shared-push.js';
import type { Moment } from './room-moments.js';
import type { LogEntry } from './stream/log-entry.js';

/** What somebody who joins is told of the room, all but what they missed. */
export interface Welcome {
  readonly roomId: string;
  readonly epoch: string;
  readonly seq: number;
  /** Null for those who recover. */
  readonly state: RoomState | null;
  readonly moment: Moment;
  readonly abilities: readonly Ability[];
}

/**
 * What those who join a room are sent. After a cut many join within one turn of the event loop, and most of it is the same for
 * them: that is encoded once. Nothing is kept beyond the turn, and nothing is taken for the same that is not the very same.
 */
@Injectable()
export class JoinPushes {
  private readonly welcomes = new Map<Moment, { readonly welcome: Welcome; readonly push: SharedPush }[]>();
  private readonly missed = new Map<string, { readonly entries: readonly LogEntry[]; readonly pushes: SharedPush[] }>();
  private isForgetting = false;

  welcome(welcome: Welcome): SharedPush {
    this.forgetAfterThisTurn();
    const known = this.welcomes.get(welcome.moment) ?? [];
    this.welcomes.set(welcome.moment, known);
    const same = known.find((other) => isSameWelcome(other.welcome, welcome));
    if (same) {
      return same.push;
    }
    const push = new SharedPush('room_joined', joinedOf(welcome));
    known.push({ welcome, push });
    return push;
  }

  /** What came since somebody was here last, in order. */
  since(roomId: string, epoch: string, entries: readonly LogEntry[]): readonly SharedPush[] {
    this.forgetAfterThisTurn();
    const key = `${roomId} ${entries[0]?.event.seq}`;
    const known = this.missed.get(key);
    if (known && isSame(known.entries, entries)) {
      return known.pushes;
    }
    const pushes = sharedPushesOf(
      roomId,
      epoch,
      entries.map(({ event }) => event),
    );
    this.missed.set(key, { entries, pushes });
    return pushes;
  }

  private forgetAfterThisTurn(): void {
    if (!this.isForgetting) {
      this.isForgetting = true;
      setImmediate(() => {
        this.isForgetting = false;
        this.welcomes.clear();
        this.missed.clear();
      });
    }
  }
}

function joinedOf({ roomId, epoch, seq, state, moment, abilities }: Welcome): RoomJoined {
  const now = { ...moment, abilities: [...abilities] };
  return { roomId, epoch, seq, recovered: state === null, roomData: state && { ...state, ...now }, moment: now };
}

const isSameWelcome = (one: Welcome, other: Welcome): boolean =>
  one.roomId === other.roomId &&
  one.epoch === other.epoch &&
  one.seq === other.seq &&
  one.state === other.state &&
  isSame(one.abilities, other.abilities);

const isSame = <Item>(one: readonly Item[], other: readonly Item[]): boolean =>
  one.length === other.length && one.every((item, index) => item === other[index]);

type Push =
  | { readonly name: 'message_broadcast'; readonly data: { roomId: string; epoch: string; message: ChatMessage } }
  | { readonly name: 'activity_update'; readonly data: { roomId: string; epoch: string; activity: RoomChange[] } };

export const sharedPushesOf = (roomId: string, epoch: string, events: readonly RoomEvent[]): SharedPush[] =>
  pushesOf(roomId, epoch, events).map(({ name, data }) => new SharedPush(name, data));

/** Entries as the specification's pushes, in order: each message alone, neighbouring others together. */
export function pushesOf(roomId: string, epoch: string, events: readonly RoomEvent[]): Push[] {
  const pushes: Push[] = [];
  for (const event of events) {
    const last = pushes.at(-1);
    if (event.type === 'chat.message') {
      pushes.push({ name: 'message_broadcast', data: { roomId, epoch, message: event.data.message } });
    } else if (last?.name === 'activity_update') {
      last.data.activity.push(event);
    } else {
      pushes.push({ name: 'activity_update', data: { roomId, epoch, activity: [event] } });
    }
  }
  return pushes;
}
