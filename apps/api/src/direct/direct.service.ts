import { randomUUID } from 'node:crypto';
import {
  type DeleteDirectMessage,
  type DirectMessage,
  type EditDirectMessage,
  type MarkDirectRead,
  type SendDirectMessage,
} from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller, HumanCaller } from '../platform/caller.js';
import { type KeptByName, UnitOfWork, type Work } from '../platform/database/unit-of-work.js';
import { notFound, Refusal } from '../platform/errors/refusal.js';
import type { Connection } from '../platform/sockets/connection.js';
import { SocketServers } from '../platform/sockets/socket-servers.js';
import {
  abilitiesByRole,
  AgentInbox,
  AgentUses,
  DirectTalk,
  InboxReader,
  type MemberEntity,
  RoomAccess,
  spoken,
} from '../rooms/index.js';
import { DIRECT_COLUMNS, DirectMessageReader, type DirectRow, presentDirect } from './direct-message.reader.js';
import { type DirectDecision, mayWrite } from './domain/may-write.js';
import { type PairOfMembers, pairOf } from './domain/pair.js';

type Place = { readonly seq: string; readonly revision: string };
type SeatRow = Pick<MemberEntity, 'role'> & { member_id: string; member_type: 'human' | 'agent' };

const REFUSALS: { readonly [Decision in Exclude<DirectDecision, 'granted'>]: () => Refusal } = {
  oneself: () => new Refusal('forbidden', 'You cannot write to yourself'),
  'not-reachable': () => new Refusal('forbidden', 'They only read in this room, and cannot be written to'),
  'not-asked': () => new Refusal('forbidden', 'An agent may write to its owner, and to whoever wrote to it first'),
};

/**
 * What two members of a room say to each other alone. It is in no log but the conversation's own: nobody else, whatever they may
 * do in the room or on the server, has a way to read it. Both must have a seat to write; who has lost theirs reads no more until
 * they have one again, and who stays keeps what was said.
 *
 * `seq` and `revision` are given out under the conversation's row, as a room's are under the room's: without gaps or ties. The
 * seats of both are held too, so that nothing is said to somebody who is being shown out.
 */
@Injectable()
export class Direct {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly dataSource: DataSource,
    private readonly rooms: RoomAccess,
    private readonly reader: DirectMessageReader,
    private readonly servers: SocketServers,
    private readonly inbox: AgentInbox,
    private readonly uses: AgentUses,
    inboxReader: InboxReader,
    talk: DirectTalk,
  ) {
    inboxReader.contribute({ directMessages: (ids) => this.reader.byId(ids) });
    talk.contribute({
      badgesOf: (userIds) => this.reader.badgesOf(userIds),
      require: async (caller, roomId, toMemberId) => {
        await this.rooms.look(caller, roomId, 'direct_message');
        await this.requireAddressee(this.dataSource.manager, caller, roomId, toMemberId);
      },
    });
  }

  /** Says something to one other member. A repeat with the same `clientMessageId` says nothing more. */
  send(caller: Caller, request: SendDirectMessage): Promise<DirectMessage> {
    const { roomId, toMemberId, clientMessageId } = request;
    const body = spoken(request.message);
    const key = { actorId: caller.id, commandId: clientMessageId, name: 'direct_message', request };
    return this.unitOfWork.runOnce(
      key,
      async (work) => {
        await this.enter(work, caller, roomId);
        const seat = await this.requireAddressee(work.manager, caller, roomId, toMemberId);
        const pair = pairOf(caller.id, toMemberId);
        const { seq, revision } = await this.nextPlace(work, roomId, pair);
        const [row] = await work.manager.query<DirectRow[]>(
          `INSERT INTO direct_messages (id, room_id, low_id, high_id, seq, revision, author_type, author_id, author_name, body, client_message_id, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING ${DIRECT_COLUMNS}`,
          [
            randomUUID(),
            roomId,
            pair.lowId,
            pair.highId,
            seq,
            revision,
            caller.type,
            caller.id,
            caller.name,
            body,
            clientMessageId ?? null,
            work.now,
          ],
        );
        const message = presentDirect(row!);
        work.announce({
          name: 'direct.message_sent',
          data: { roomId, messageId: message.id, authorId: caller.id, recipientId: toMemberId },
        });
        if (seat.member_type === 'agent') {
          this.inbox.deliverDirect(work, toMemberId, roomId, message.id);
        }
        this.pushAfterCommit(work, message, [caller.id, toMemberId]);
        return message;
      },
      this.keptFor(caller),
    );
  }

  /** Changes what the caller said. */
  edit(caller: Caller, request: EditDirectMessage): Promise<DirectMessage> {
    const body = spoken(request.message);
    const key = { actorId: caller.id, commandId: request.commandId, name: 'edit_direct_message', request };
    return this.unitOfWork.runOnce(
      key,
      async (work) => {
        await this.rooms.look(caller, request.roomId, 'direct_message', work.manager);
        const before = await this.own(work, caller, request);
        if (before.deletedAt !== null) {
          throw new Refusal('message_deleted', 'This message was deleted');
        }
        return before.message === body
          ? before
          : this.change(work, before, `body = $3, edited_at = $4`, [body, work.now]);
      },
      this.keptFor(caller),
    );
  }

  /** Takes back what the caller said: nothing of it is left. Somebody who is muted may do that too. */
  delete(caller: Caller, request: DeleteDirectMessage): Promise<DirectMessage> {
    const key = { actorId: caller.id, commandId: request.commandId, name: 'delete_direct_message', request };
    return this.unitOfWork.runOnce(
      key,
      async (work) => {
        await this.rooms.look(caller, request.roomId, 'read', work.manager);
        const before = await this.own(work, caller, request);
        if (before.deletedAt !== null) {
          return before;
        }
        work.announce({ name: 'direct.message_deleted', data: { messageId: before.id } });
        this.inbox.forgetDirect(work, before.id);
        return this.change(work, before, `body = '', edited_at = NULL, deleted_at = $3`, [work.now]);
      },
      this.keptFor(caller),
    );
  }

  /** Everything up to `seq` of the conversation was read. The marker never moves back, and never past what was said. */
  async markRead(
    caller: HumanCaller,
    { roomId, memberId, seq }: MarkDirectRead,
    connection: Connection,
  ): Promise<void> {
    await this.unitOfWork.run(async (work) => {
      await this.rooms.look(caller, roomId, 'read', work.manager);
      const { lowId, highId } = pairOf(caller.id, memberId);
      const column = caller.id === lowId ? 'low_read_seq' : 'high_read_seq';
      const [moved] = await work.manager.query<[{ place: string }[], number]>(
        `UPDATE direct_conversations SET ${column} = least($4, last_seq)
         WHERE room_id = $1 AND low_id = $2 AND high_id = $3 AND ${column} < least($4, last_seq) RETURNING ${column} AS place`,
        [roomId, lowId, highId, seq],
      );
      const [place] = moved;
      if (place) {
        work.announce({
          name: 'direct.read',
          data: { roomId, readerId: caller.id, memberId, seq: Number(place.place), connectionId: connection.id },
        });
      }
    });
  }

  /** Requires that the caller may write in the room. What agents write is counted, and the room held for that. */
  private async enter(work: Work, caller: Caller, roomId: string): Promise<void> {
    await (caller.type === 'agent'
      ? this.uses.requireOne(work, caller, await this.rooms.enter(work, caller, roomId, 'direct_message'), 'message')
      : this.rooms.look(caller, roomId, 'direct_message', work.manager));
  }

  /** Requires that the caller may write to this member; holds both seats until the transaction ends. */
  private async requireAddressee(
    manager: EntityManager,
    caller: Caller,
    roomId: string,
    memberId: string,
  ): Promise<SeatRow> {
    const seats = await manager.query<SeatRow[]>(
      `SELECT member_id, member_type, role FROM room_members WHERE room_id = $1 AND member_id = ANY ($2::uuid[])
       FOR KEY SHARE SKIP LOCKED`, // a seat that is being taken away is none
      [roomId, [caller.id, memberId]],
    );
    const seat = seats.find(({ member_id }) => member_id === memberId);
    if (!seat || !seats.some(({ member_id }) => member_id === caller.id)) {
      throw notFound('member');
    }
    const takesPart = abilitiesByRole({ memberType: seat.member_type, role: seat.role }).includes('direct_message');
    const decision = mayWrite(
      caller,
      { id: memberId, takesPart },
      caller.type === 'agent' && (await this.wrote(manager, roomId, memberId, caller.id)),
    );
    if (decision !== 'granted') {
      throw REFUSALS[decision]();
    }
    return seat;
  }

  private async wrote(manager: EntityManager, roomId: string, authorId: string, toId: string): Promise<boolean> {
    const { lowId, highId } = pairOf(authorId, toId);
    const rows: unknown[] = await manager.query(
      `SELECT 1 FROM direct_messages WHERE room_id = $1 AND low_id = $2 AND high_id = $3 AND author_id = $4 LIMIT 1`,
      [roomId, lowId, highId, authorId],
    );
    return rows.length > 0;
  }

  /** Holds the conversation, which there is from now on, and gives out its next place. */
  private async nextPlace({ manager, now }: Work, roomId: string, { lowId, highId }: PairOfMembers): Promise<Place> {
    const [place] = await manager.query<Place[]>(
      `INSERT INTO direct_conversations AS talk (room_id, low_id, high_id, last_seq, revision, last_message_at) VALUES ($1, $2, $3, 1, 1, $4)
       ON CONFLICT (room_id, low_id, high_id) DO UPDATE
         SET last_seq = talk.last_seq + 1, revision = talk.revision + 1, last_message_at = excluded.last_message_at
       RETURNING last_seq AS seq, revision`,
      [roomId, lowId, highId, now],
    );
    return place!;
  }

  /** The caller's own message, with its conversation held; what others said is to them as if it were not there to be changed. */
  private async own(
    { manager }: Work,
    caller: Caller,
    { roomId, messageId }: { roomId: string; messageId: string },
  ): Promise<DirectMessage> {
    const { memberIds } = await this.reader.get(manager, roomId, messageId, caller.id);
    await manager.query(
      `SELECT 1 FROM direct_conversations WHERE room_id = $1 AND low_id = $2 AND high_id = $3 FOR NO KEY UPDATE`,
      [roomId, ...memberIds],
    );
    const message = await this.reader.get(manager, roomId, messageId, caller.id);
    if (message.userId !== caller.id) {
      throw new Refusal('forbidden', 'Only its author may change a message');
    }
    return message;
  }

  private async change(work: Work, before: DirectMessage, set: string, values: unknown[]): Promise<DirectMessage> {
    const { roomId, memberIds } = before;
    const [[place]] = await work.manager.query<[{ revision: string }[], number]>(
      `UPDATE direct_conversations SET revision = revision + 1 WHERE room_id = $1 AND low_id = $2 AND high_id = $3 RETURNING revision`,
      [roomId, ...memberIds],
    );
    const [[row]] = await work.manager.query<[DirectRow[], number]>(
      `UPDATE direct_messages SET revision = $2, ${set} WHERE id = $1 RETURNING ${DIRECT_COLUMNS}`,
      [before.id, place!.revision, ...values],
    );
    const message = presentDirect(row!);
    const seated = await work.manager.query<{ member_id: string }[]>(
      `SELECT member_id FROM room_members WHERE room_id = $1 AND member_id = ANY ($2::uuid[]) FOR KEY SHARE SKIP LOCKED`,
      [roomId, memberIds],
    );
    this.pushAfterCommit(
      work,
      message,
      seated.map(({ member_id }) => member_id),
    );
    return message;
  }

  private pushAfterCommit(work: Work, message: DirectMessage, memberIds: readonly string[]): void {
    work.afterCommit(() => memberIds.forEach((id) => this.servers.toMember(id, 'direct_message', { message })));
  }

  /** Replies are kept by the message's name: its text is copied nowhere, so that it can be taken back. */
  private keptFor(caller: Caller): KeptByName<DirectMessage> {
    return {
      name: ({ roomId, id }) => ({ roomId, messageId: id }),
      read: (manager, name) => {
        const { roomId, messageId } = name as { roomId: string; messageId: string };
        return this.reader.get(manager, roomId, messageId, caller.id);
      },
    };
  }
}
