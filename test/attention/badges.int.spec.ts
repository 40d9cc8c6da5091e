import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { MAX_BADGE, type RoomBadge } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { BadgeReader } from '../../apps/api/src/attention/badge.reader.js';
import { migrate } from '../../apps/api/src/platform/database/migrate.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { Chance, seedOf } from './chance.js';
import { Room } from './histories.js';

const HISTORIES = 10_000;
const STEPS = 18;
const BATCH = 1000;
const PEOPLE = 5;

/** A room with its ids, and rows of each table that its history leaves behind. */
interface Loaded {
  readonly id: string;
  readonly room: Room;
}

let database: TestDatabase;
let dataSource: DataSource;
let badges: BadgeReader;
const people = Array.from({ length: PEOPLE }, () => randomUUID());

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.url);
  dataSource = await new DataSource({ type: 'postgres', url: database.url }).initialize();
  badges = new BadgeReader(dataSource);
  await insert(
    'users (id uuid, username text)',
    people.map((id, index) => ({ id, username: `person-${index}` })),
  );
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

/** Inserts rows as JSON, into the columns named with their types. */
async function insert(target: string, rows: readonly object[]): Promise<void> {
  const [table = '', columns = ''] = target.slice(0, -1).split(' (');
  const names = columns.split(', ').map((column) => column.split(' ')[0]);
  await dataSource.query(
    `INSERT INTO ${table} (${names.join(', ')}) SELECT ${names.join(', ')} FROM jsonb_to_recordset($1::jsonb) AS row (${columns})`,
    [JSON.stringify(rows)],
  );
}

async function load(rooms: readonly Loaded[]): Promise<void> {
  const at = '2026-02-17T10:00:00Z';
  await insert(
    'rooms (id uuid, name text, created_by uuid, last_seq bigint)',
    rooms.map(({ id, room }) => ({ id, name: 'Room', created_by: people[0], last_seq: room.head })),
  );
  await insert(
    'room_members (room_id uuid, member_id uuid, user_id uuid, joined_seq bigint)',
    rooms.flatMap(({ id, room }) =>
      [...room.joinedAt].map(([person, seq]) => ({
        room_id: id,
        member_id: people[person],
        user_id: people[person],
        joined_seq: seq,
      })),
    ),
  );
  await insert(
    'room_reads (room_id uuid, user_id uuid, last_read_seq bigint, level text)',
    rooms.flatMap(({ id, room }) =>
      [...new Set([...room.readUpTo.keys(), ...room.levels.keys()])].map((person) => ({
        room_id: id,
        user_id: people[person],
        last_read_seq: room.readUpTo.get(person) ?? 0,
        level: room.levels.get(person) ?? 'all',
      })),
    ),
  );
  const messages = rooms.flatMap(({ id: roomId, room }) => {
    const ids = room.said.map(() => randomUUID());
    return room.said.map((said, index) => ({ said, roomId, id: ids[index], threadId: said.inThread ? ids[0] : null }));
  });
  await insert(
    'messages (id uuid, room_id uuid, seq bigint, author_type text, author_id uuid, author_name text, body text, visibility text, trust text, thread_id uuid, created_at timestamptz, deleted_at timestamptz)',
    messages.map(({ said, roomId, id, threadId }) => ({
      id,
      room_id: roomId,
      seq: said.seq,
      author_type: 'human',
      author_id: people[said.by],
      author_name: `person-${said.by}`,
      body: '',
      visibility: 'members',
      trust: 'member',
      thread_id: threadId,
      created_at: at,
      deleted_at: said.isDeleted ? at : null,
    })),
  );
  await insert(
    'message_mentions (member_id uuid, room_id uuid, seq bigint, message_id uuid)',
    messages.flatMap(({ said, roomId, id }) =>
      [...said.addressed].map((person) => ({
        member_id: people[person],
        room_id: roomId,
        seq: said.seq,
        message_id: id,
      })),
    ),
  );
}

describe('badges', () => {
  it(`equal a recount from the history, for ${HISTORIES} random histories`, async () => {
    const seed = seedOf('badges in the database');
    let unread = 0;
    for (let first = 0; first < HISTORIES; first += BATCH) {
      const rooms = Array.from({ length: BATCH }, (_, index): Loaded => {
        const chance = new Chance(seed + first + index);
        const room = new Room(chance.between(2, PEOPLE));
        for (let left = STEPS; left > 0; left--) {
          room.take(room.randomStep(chance));
        }
        return { id: randomUUID(), room };
      });
      await load(rooms);

      // Asked of everybody, those who left included: they have no badge.
      const pairs = rooms.flatMap(({ id }) => people.map((userId) => ({ userId, roomId: id })));
      const computed = new Map(
        (await badges.of(pairs)).map(({ userId, badge }) => [`${userId} ${badge.roomId}`, badge]),
      );
      rooms.forEach(({ id, room }, index) => {
        people.forEach((userId, person) => {
          const badge = computed.get(`${userId} ${id}`);
          const truth = room.joinedAt.has(person) ? room.recount(person, id) : undefined;
          if (!isDeepStrictEqual(badge, truth)) {
            expect({ history: first + index, person, badge }).toEqual({ history: first + index, person, badge: truth });
          }
          unread += truth?.unread ?? 0;
        });
      });
    }
    expect(unread).toBeGreaterThan(HISTORIES); // or nothing was put to the test
  }, 120_000);

  it('are found by the person', async () => {
    const [mine] = await dataSource.query<{ count: string }[]>(`SELECT count(*) FROM room_members WHERE user_id = $1`, [
      people[1],
    ]);
    expect(await badges.ofPerson(people[1]!)).toHaveLength(Number(mine?.count));
    expect(await badges.ofPerson(randomUUID())).toEqual([]);
  });

  it('stop counting at the same number, wherever the reader stands', async () => {
    const id = randomUUID();
    const room = new Room(2);
    for (let left = 3 * MAX_BADGE; left > 0; left--) {
      room.take({ kind: 'say', by: 1, named: [0], here: false, inThread: false });
    }
    await load([{ id, room }]);
    const [first] = await badges.of([{ userId: people[0]!, roomId: id }]);
    expect(first?.badge).toEqual({
      ...room.recount(0, id),
      unread: MAX_BADGE,
      mentions: MAX_BADGE,
    } satisfies RoomBadge);
  });
});
