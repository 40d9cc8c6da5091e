import type { ActivityItem, Actor, ChatMessage, RoomState, Trust } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../platform/caller.js';
import { messageForAgent } from './domain/agent-view.js';
import { trustByActor } from './stream/log-entry.js';

interface AddressRow {
  seq: string;
  is_addressed: boolean | null;
  trust: Trust | null;
}

interface Placed {
  readonly seq: number;
}

/** What was read of a room as an agent reads it; people read it as it is. */
@Injectable()
export class AgentView {
  constructor(private readonly dataSource: DataSource) {}

  async state(caller: Caller, state: RoomState): Promise<RoomState> {
    if (caller.type !== 'agent') {
      return state;
    }
    const { messages, activity } = state;
    const rows = await this.rowsOf(caller.agentId, state.room.id, [...messages, ...activity]);
    return {
      ...state,
      messages: messages.map((message) => messageForAgent(message, isAddressed(rows, message))),
      activity: activity.map((item) => itemForAgent(item, rows)),
    };
  }

  async messages<Message extends ChatMessage>(
    caller: Caller,
    roomId: string,
    messages: readonly Message[],
  ): Promise<Message[]> {
    if (caller.type !== 'agent') {
      return [...messages];
    }
    const rows = await this.rowsOf(caller.agentId, roomId, messages);
    return messages.map((message) => ({ ...message, addressed: isAddressed(rows, message) }));
  }

  async activity(caller: Caller, roomId: string, items: readonly ActivityItem[]): Promise<ActivityItem[]> {
    if (caller.type !== 'agent') {
      return [...items];
    }
    const rows = await this.rowsOf(caller.agentId, roomId, items);
    return items.map((item) => itemForAgent(item, rows));
  }

  private async rowsOf(
    agentId: string,
    roomId: string,
    places: readonly Placed[],
  ): Promise<ReadonlyMap<number, AddressRow>> {
    const rows = await this.dataSource.query<AddressRow[]>(
      `SELECT seq, $3 = ANY (addressed) AS is_addressed, trust FROM room_events WHERE room_id = $1 AND seq = ANY ($2::bigint[])`,
      [roomId, places.map(({ seq }) => seq), agentId],
    );
    return new Map(rows.map((row) => [Number(row.seq), row]));
  }
}

type Rows = ReadonlyMap<number, AddressRow>;

const isAddressed = (rows: Rows, { seq }: Placed): boolean => rows.get(seq)?.is_addressed ?? false;

const itemForAgent = <Item extends Placed & { readonly actor: Actor }>(item: Item, rows: Rows): Item => ({
  ...item,
  addressed: isAddressed(rows, item),
  trust: rows.get(item.seq)?.trust ?? trustByActor(item.actor),
});
