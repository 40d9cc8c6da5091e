import { randomUUID } from 'node:crypto';
import { ChatMessage, type Room } from '@clawtank/contracts';
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { ChatService } from '../../apps/api/src/chat/chat.service.js';
import { Clock } from '../../apps/api/src/platform/clock.js';
import type { HumanCaller } from '../../apps/api/src/platform/caller.js';
import { RoomLog, RoomSnapshot } from '../../apps/api/src/rooms/index.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually, Person } from '../support/people.js';
import { verifyRoom } from '../support/verify-room.js';

const LANE = 'clawtank chat';

describe('plain messages, stored together', () => {
  let database: TestDatabase;
  let left: TestServer;
  let right: TestServer;
  let host: Person;
  let guest: Person;
  let client: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    left = await startTestServer({ database });
    right = await startTestServer({ database });
    host = await Person.register(left.url);
    guest = await Person.register(left.url);
    client = new pg.Client(database.url);
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await Promise.all([left.close(), right.close()]);
    await database.drop();
  });

  const callerOf = ({ id, name }: Person): HumanCaller => ({ type: 'human', id, userId: id, name, isAdmin: false });
  const say = (server: TestServer, person: Person, roomId: string, message: string, clientMessageId?: string) =>
    server.app
      .get(ChatService, { strict: false })
      .send(callerOf(person), { roomId, message, visibility: 'public', ...(clientMessageId && { clientMessageId }) });
  const openRoom = async (): Promise<Room> => {
    const room = await host.createRoomWithRepository({ visibility: 'public' });
    await guest.request('POST', `/api/rooms/${room.id}/join`, {});
    return room;
  };
  /** Rooms that take turns with each other: those of one flow, whose ids end alike, even or odd. */
  const openRoomsOfOneFlow = async (count: number): Promise<readonly [Room, Room, ...Room[]]> => {
    const opened = await Promise.all(Array.from({ length: 2 * count - 1 }, openRoom));
    const alike = Object.values(Object.groupBy(opened, ({ id }) => Number.parseInt(id.slice(-1), 16) % 2));
    const [first, second, ...others] = alike.find((group = []) => group.length >= count)?.slice(0, count) ?? [];
    if (!first || !second) {
      throw new Error(`${count} rooms were to be opened`);
    }
    return [first, second, ...others];
  };
  const stored = async (roomId: string) => {
    const { rows } = await client.query<{ seq: string; body: string; transaction: string; created_at: Date }>(
      `SELECT seq, body, xmin::text AS transaction, created_at FROM messages WHERE room_id = $1 ORDER BY seq`,
      [roomId],
    );
    return rows;
  };
  const read = (roomId: string) => left.app.get(RoomSnapshot, { strict: false }).read(roomId);
  const codeOf = (outcome: Promise<unknown>) =>
    outcome.then(
      () => 'ok',
      (error: { code?: string }) => error.code,
    );

  /** Runs `change` in a transaction that holds the room, lets `meanwhile` wait for it, and commits. */
  async function whileHeld<Result>(
    roomId: string,
    change: (holder: pg.Client) => Promise<unknown>,
    meanwhile: () => Promise<Result>,
  ) {
    const holder = new pg.Client(database.url);
    await holder.connect();
    try {
      await holder.query('BEGIN');
      await holder.query('SELECT FROM rooms WHERE id = $1 FOR UPDATE', [roomId]);
      const outcome = meanwhile();
      outcome.catch(() => undefined);
      await laneWaits();
      await change(holder);
      await holder.query('COMMIT');
      return await outcome;
    } finally {
      await holder.end();
    }
  }

  /** Until a flush waits for a lock. */
  const laneWaits = () =>
    eventually(async () => {
      const { rows } = await client.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1 AND wait_event_type = 'Lock'`,
        [LANE],
      );
      return rows[0];
    });

  it('takes what waits by one transaction, in the order it came', async () => {
    const room = await openRoom();
    const old = await read(room.id);
    const replies = await Promise.all(
      Array.from({ length: 100 }, (_, index) => say(left, index % 2 ? host : guest, room.id, `message ${index}`)),
    );
    const rows = await stored(room.id);
    expect(rows.map(({ body }) => body)).toEqual(replies.map((_, index) => `message ${index}`));
    expect(rows.map(({ seq }) => Number(seq))).toEqual(replies.map(({ seq }) => seq));
    expect(new Set(rows.map(({ transaction }) => transaction)).size).toBeLessThan(5);
    await verifyRoom(left, old);
  });

  it('keeps the order of a room however many wait', async () => {
    const room = await openRoom();
    const texts = Array.from({ length: 900 }, (_, index) => `message ${index}`);
    const [first = '', ...others] = texts;
    await whileHeld(
      room.id,
      () => Promise.resolve(),
      () => Promise.all([first, ...others].map((text) => say(left, host, room.id, text))),
    );
    expect((await stored(room.id)).map(({ body }) => body)).toEqual(texts);
  });

  it('goes with its room, and so does the log', async () => {
    const room = await openRoom();
    await say(left, host, room.id, 'plain');
    await say(left, host, room.id, `to @${guest.name}`);
    await host.request('DELETE', `/api/rooms/${room.id}`);
    const { rows } = await client.query(
      'SELECT room_id FROM messages WHERE room_id = $1 UNION ALL SELECT room_id FROM room_events WHERE room_id = $1',
      [room.id],
    );
    expect(rows).toEqual([]);
  });

  it('looks things up, however much was said before', async () => {
    const [room, old] = [await openRoom(), await openRoom()];
    // What the planner sees: full rooms in which next to nothing was said.
    await client.query(
      `WITH people AS (INSERT INTO users (username) SELECT 'quiet-' || n FROM generate_series(1, 1000) n RETURNING id),
            numbered AS (SELECT id, row_number() OVER () AS n FROM people),
            full_rooms AS (INSERT INTO rooms (name, created_by) SELECT 'Quiet ' || n, id FROM numbered WHERE n % 2 = 0 RETURNING id, created_by)
       INSERT INTO room_members (room_id, member_id, user_id, joined_seq)
       SELECT full_rooms.id, guest.id, guest.id, 0 FROM full_rooms JOIN numbered host ON host.id = created_by
       JOIN numbered guest ON guest.n BETWEEN host.n - 1 AND host.n`,
    );
    await say(left, host, room.id, 'next to nothing', randomUUID());
    await client.query('ANALYZE');
    await say(left, host, room.id, 'planned with that in mind', randomUUID());
    const before = 5000;
    await client.query(
      `INSERT INTO messages (id, room_id, seq, author_type, author_id, author_name, body, visibility, trust, client_message_id, created_at)
       SELECT gen_random_uuid(), $1, 1000 + n, 'human', $2, 'somebody', 'said before', 'public', 'member', 'before ' || n, now()
       FROM generate_series(1, $3::int) n`,
      [old.id, guest.id, before],
    );
    const counts = async () => {
      const { rows } = await client.query<{ written: number; read: number }>(
        `SELECT max(n_tup_ins) FILTER (WHERE relname = 'messages')::int AS written,
                sum(seq_tup_read + idx_tup_fetch)::int + (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname = ANY ($1))::int AS read
         FROM pg_stat_user_tables WHERE relname = ANY ($1)`,
        [['messages', 'rooms', 'room_members', 'room_events']],
      );
      return rows[0] ?? { written: 0, read: 0 };
    };
    await client.query('SELECT pg_stat_force_next_flush()');
    const reported = await eventually(async () => {
      const now = await counts();
      return now.written > before ? now : null;
    });
    for (const text of ['one', 'two', 'three']) {
      await say(left, host, room.id, text, randomUUID());
    }
    // A backend reports what it read together with what it wrote.
    const now = await eventually(async () => {
      await say(left, host, room.id, 'and more', randomUUID());
      const later = await counts();
      return later.written >= reported.written + 3 ? later : null;
    });
    expect((now.read - reported.read) / (now.written - reported.written)).toBeLessThan(100);
  });

  it('answers and logs the same message, whole, with the trust of its author', async () => {
    const room = await openRoom();
    const [byHost, byGuest] = [await say(left, host, room.id, 'mine'), await say(left, guest, room.id, 'theirs')];
    expect([byHost.trust, byGuest.trust]).toEqual(['owner', 'member']);
    for (const reply of [byHost, byGuest]) {
      const [entry] = await left.app.get(RoomLog, { strict: false }).after(room.id, reply.seq - 1, 1);
      expect(entry?.event).toMatchObject({
        seq: reply.seq,
        id: reply.id,
        timestamp: reply.timestamp,
        actor: reply.author,
      });
      expect(entry?.event.data).toEqual({ message: ChatMessage.parse(reply) });
      expect(entry?.publicEvent).toMatchObject({ type: 'chat.public', content: reply.message });
      expect(entry?.publicEvent?.public_seq).toBeGreaterThan(0);
    }
  });

  it('keeps from strangers what is for members, and what is said where nobody may watch', async () => {
    const room = await openRoom();
    const chat = left.app.get(ChatService, { strict: false });
    const forMembers = await chat.send(callerOf(host), { roomId: room.id, message: 'psst', visibility: 'members' });
    const hidden = await host.createRoom({ visibility: 'public', settings: { spectatorAllowed: false } });
    const unseen = await say(left, host, hidden.id, 'nobody watches');
    const { rows } = await client.query<{ public_seq: string | null; public_payload: unknown; visibility: string }>(
      `SELECT public_seq, public_payload, visibility FROM room_events WHERE id = ANY($1)`,
      [[forMembers.id, unseen.id]],
    );
    expect(rows).toEqual(
      Array.from({ length: 2 }, () => ({ public_seq: null, public_payload: null, visibility: 'members' })),
    );
  });

  it('answers fifty repeats, sent to two processes at once, with one message', async () => {
    const room = await openRoom();
    const id = randomUUID();
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, index) => say(index % 2 ? left : right, host, room.id, 'once', id)),
    );
    replies.forEach((reply) => expect(reply).toEqual(replies[0]));
    expect(await stored(room.id)).toHaveLength(1);
    expect(await say(right, host, room.id, 'once', id)).toEqual(replies[0]);
  });

  it('refuses another message under an id that was used, in the same room and in another', async () => {
    const [room, other] = [await openRoom(), await openRoom()];
    const id = randomUUID();
    await say(left, host, room.id, 'once', id);
    expect(await codeOf(say(left, host, room.id, 'twice', id))).toBe('command_id_reused');
    expect(await codeOf(say(right, host, other.id, 'once', id))).toBe('command_id_reused');
    expect(await say(left, guest, room.id, 'once', id)).toMatchObject({ userId: guest.id }); // ids belong to their senders
  });

  it('lets one of two rooms win that race for an id', async () => {
    const rooms = [await openRoom(), await openRoom()];
    for (let round = 0; round < 10; round++) {
      const id = randomUUID();
      const codes = await Promise.all(
        rooms.map(({ id: roomId }, index) => codeOf(say(index ? left : right, host, roomId, 'here', id))),
      );
      expect(codes.sort()).toEqual(['command_id_reused', 'ok']);
    }
  });

  describe.each(['alone', 'with others'])('hears what was committed while it waited %s', (company) => {
    it.each([
      ['removed', 'not_found', `DELETE FROM room_members WHERE room_id = $1 AND member_id = $2`],
      [
        'muted',
        'muted',
        `UPDATE room_members SET muted_until = now() + interval '1 hour' WHERE room_id = $1 AND member_id = $2`,
      ],
      ['made a guest', 'forbidden', `UPDATE room_members SET role = 'guest' WHERE room_id = $1 AND member_id = $2`],
      [
        'left with an archived room',
        'room_archived',
        `UPDATE rooms SET archived_at = now() WHERE id = $1 AND $2::uuid IS NOT NULL`,
      ],
    ])('whoever was %s says nothing more', async (_, code, change) => {
      const [elsewhere, room] = await openRoomsOfOneFlow(2);
      const outcome = await whileHeld(
        room.id,
        (holder) => holder.query(change, [room.id, guest.id]),
        () => {
          if (company === 'with others') {
            // What is said elsewhere is flushed at once; what comes meanwhile waits for the room together.
            void say(left, host, elsewhere.id, 'first');
            void say(left, guest, elsewhere.id, 'beside');
          }
          return codeOf(say(left, guest, room.id, 'too late'));
        },
      );
      expect(outcome).toBe(code);
      expect(await stored(room.id)).toEqual([]);
      const neighbours = await eventually(async () => {
        const said = await stored(elsewhere.id);
        return company === 'alone' || said.length === 2 ? said : null;
      });
      expect(neighbours.map(({ body }) => body)).toEqual(company === 'alone' ? [] : ['first', 'beside']);
    });
  });

  it('lets two processes write in the same rooms without waiting for each other in a circle', async () => {
    const rooms = await openRoomsOfOneFlow(4);
    const [elsewhere, ...shared] = rooms.map(({ id }) => id).sort();
    const [, middle] = shared;
    if (!elsewhere || !middle) {
      throw new Error('Four rooms were to be opened');
    }
    const warned = jest.spyOn(Logger.prototype, 'warn');
    await client.query(`ALTER FUNCTION store_messages SET lock_timeout = '30s'`); // so that PostgreSQL has time to see a circle
    // What is said elsewhere is flushed at once; what waits meanwhile comes together, in the order in which it was said.
    const write = (server: TestServer, order: readonly string[]) =>
      [elsewhere, ...order].map((id) => say(server, host, id, 'together', randomUUID()));
    const bothWait = () =>
      eventually(async () => {
        const { rows } = await client.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1 AND wait_event_type = 'Lock'`,
          [LANE],
        );
        return rows.length === 2;
      });
    await whileHeld(middle, bothWait, () =>
      Promise.all([...write(left, shared), ...write(right, shared.toReversed())]),
    );
    await client.query(`ALTER FUNCTION store_messages SET lock_timeout = '500ms'`);
    expect(warned.mock.calls.filter(([text]) => /not stored together/.test(String(text)))).toEqual([]);
    warned.mockRestore();
    for (const id of shared) {
      expect((await stored(id)).map(({ body }) => body)).toEqual(['together', 'together']);
    }
  });

  it('keeps one gapless order beside messages that take the ordinary way', async () => {
    const room = await openRoom();
    const old = await read(room.id);
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        say(index % 2 ? left : right, host, room.id, index % 3 ? `plain ${index}` : `hello @${guest.name} ${index}`),
      ),
    );
    const fresh = await verifyRoom(left, old);
    expect(fresh.seq - old.seq).toBe(60);
    expect(await stored(room.id)).toHaveLength(60);
  });

  it('stores a message once whose transaction was cut off, and says nothing of one it does not know about', async () => {
    const room = await openRoom();
    const cut = async (holder: pg.Client) => {
      const { pid } = await laneWaits();
      await holder.query('SELECT pg_terminate_backend($1)', [pid]);
    };
    const id = randomUUID();
    const named = await whileHeld(room.id, cut, () => say(left, host, room.id, 'named', id));
    expect(await say(right, host, room.id, 'named', id)).toEqual(named);
    expect((await stored(room.id)).map(({ body }) => body)).toEqual(['named']);

    const outcome = await whileHeld(room.id, cut, () => codeOf(say(left, host, room.id, 'nameless')));
    const bodies = (await stored(room.id)).map(({ body }) => body);
    expect(bodies).toEqual(outcome === 'ok' ? ['named', 'nameless'] : ['named']);
    expect(await codeOf(say(left, host, room.id, 'afterwards'))).toBe('ok');
  });

  it('fails nobody but the message that cannot be stored', async () => {
    const room = await openRoom();
    const outcomes = await Promise.all(
      ['before', 'a \ud800 alone', 'after'].map((text) => codeOf(say(left, host, room.id, text))),
    );
    expect([outcomes[0], outcomes[2]]).toEqual(['ok', 'ok']);
    expect(outcomes[1]).not.toBe('ok');
    expect((await stored(room.id)).map(({ body }) => body).sort()).toEqual(['after', 'before']);
  });

  it('goes on in other rooms while one is held for long', async () => {
    const [held, free] = [await openRoom(), await openRoom()];
    let waiting: Promise<unknown> | undefined;
    await whileHeld(
      held.id,
      async () => {
        const started = performance.now();
        expect(await codeOf(say(left, host, free.id, 'elsewhere'))).toBe('ok');
        expect(performance.now() - started).toBeLessThan(3000);
      },
      () => {
        waiting = say(left, host, held.id, 'here');
        return Promise.resolve();
      },
    );
    expect(await waiting).toMatchObject({ message: 'here' });
  });

  it('never goes back in time within a room, though clocks do', async () => {
    const room = await openRoom();
    const clock = left.app.get(Clock, { strict: false });
    const first = await say(right, host, room.id, 'first');
    const past = jest.spyOn(clock, 'now').mockReturnValue(new Date(Date.now() - 3_600_000));
    const second = await say(left, host, room.id, 'second');
    const third = await say(left, host, room.id, `by the ordinary way, @${guest.name}`);
    past.mockRestore();
    expect([second.timestamp, third.timestamp]).toEqual([first.timestamp, first.timestamp]);
    const { rows } = await client.query<{ id: string; created_at: Date }>(
      'SELECT id, created_at FROM room_events WHERE room_id = $1 ORDER BY seq',
      [room.id],
    );
    expect(rows.at(-1)?.created_at.toISOString()).toBe(third.timestamp);
    expect(rows.map(({ created_at: at }) => at.getTime())).toEqual(
      rows.map(({ created_at: at }) => at.getTime()).sort((one, other) => one - other),
    );
  });

  it('leaves no receipts behind: the message itself knows its id', async () => {
    const room = await openRoom();
    await say(left, host, room.id, 'plain', randomUUID());
    await say(left, host, room.id, `to @${guest.name}`, randomUUID());
    const [{ count }] = await left.app
      .get(DataSource)
      .query<[{ count: string }]>(`SELECT count(*) FROM command_receipts WHERE name = 'chat_message'`);
    expect(Number(count)).toBe(0);
  });
});
