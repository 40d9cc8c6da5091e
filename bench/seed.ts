import { randomUUID } from 'node:crypto';
import { seedPeople } from '../test/support/seeded-people.js';
import { withClient } from './database.js';
import { MEMBERS_PER_ROOM, type Seated } from './workload.js';

/**
 * Fills a migrated database with full rooms: people and their seats are written into it. Rooms are public: each message then also
 * goes through the public projection, which is the longer way.
 */
export async function seed(databaseUrl: string, jwtSecret: string, rooms: number): Promise<Seated[]> {
  const names = Array.from({ length: rooms * MEMBERS_PER_ROOM }, () => `bench-${randomUUID().slice(0, 13)}`);
  const people = await seedPeople(databaseUrl, jwtSecret, names);
  const ids = people.map(({ id }) => id);
  const roomIds = Array.from({ length: rooms }, () => randomUUID());
  await withClient(databaseUrl, async (client) => {
    await client.query(
      `INSERT INTO rooms (id, name, visibility, created_by)
       SELECT id, 'Bench ' || n, 'public', host FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS r (id, host, n)`,
      [roomIds, ids.filter((_, index) => index % MEMBERS_PER_ROOM === 0)],
    );
    await client.query(
      `INSERT INTO room_members (room_id, member_id, user_id, role, joined_seq)
       SELECT room_id, user_id, user_id, role, 0 FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS s (room_id, user_id, role)`,
      [
        ids.map((_, index) => roomIds[Math.floor(index / MEMBERS_PER_ROOM)]),
        ids,
        ids.map((_, index) => (index % MEMBERS_PER_ROOM === 0 ? 'host' : 'member')),
      ],
    );
    await client.query('ANALYZE');
  });
  return people.map(({ token }, index) => ({
    token,
    roomId: roomIds[Math.floor(index / MEMBERS_PER_ROOM)] ?? '',
  }));
}

/** The chat messages of these rooms that the database holds, each with its entry in the log. */
export function storedMessages(databaseUrl: string, seats: readonly Seated[]): Promise<number> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ count: string }>(
      `SELECT count(*) FROM messages JOIN room_events USING (room_id, seq)
       WHERE client_message_id LIKE 'bench-message-%' AND room_id = ANY($1::uuid[])`,
      [[...new Set(seats.map(({ roomId }) => roomId))]],
    );
    return Number(rows[0]?.count ?? 0);
  });
}
