import { randomUUID } from 'node:crypto';
import 'reflect-metadata';
import { JwtService } from '@nestjs/jwt';
import { withClient } from './database.js';
import { MEMBERS_PER_ROOM, type Seated } from './workload.js';

const SESSION_HOURS = 2;
const TOKEN_SECONDS = 3600;

/**
 * Fills a migrated database with full rooms: people, their sessions and their seats are written into it, because ten thousand
 * passwords take argon2 hours; the access tokens are signed with the server's own secret. Rooms are public: each message then
 * also goes through the public projection, which is the longer way.
 */
export async function seed(databaseUrl: string, jwtSecret: string, rooms: number): Promise<Seated[]> {
  const seats = Array.from({ length: rooms * MEMBERS_PER_ROOM }, () => ({
    id: randomUUID(),
    sessionId: randomUUID(),
    username: `bench-${randomUUID().slice(0, 13)}`,
  }));
  const roomIds = Array.from({ length: rooms }, () => randomUUID());
  const people = seats.map(({ id }) => id);
  await withClient(databaseUrl, async (client) => {
    await client.query(`INSERT INTO users (id, username) SELECT * FROM unnest($1::uuid[], $2::text[])`, [
      people,
      seats.map(({ username }) => username),
    ]);
    await client.query(
      `INSERT INTO sessions (id, user_id, expires_at, user_agent)
       SELECT id, user_id, now() + make_interval(hours => $3), 'bench' FROM unnest($1::uuid[], $2::uuid[]) AS s (id, user_id)`,
      [seats.map(({ sessionId }) => sessionId), people, SESSION_HOURS],
    );
    await client.query(
      `INSERT INTO rooms (id, name, visibility, created_by)
       SELECT id, 'Bench ' || n, 'public', host FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS r (id, host, n)`,
      [roomIds, people.filter((_, index) => index % MEMBERS_PER_ROOM === 0)],
    );
    await client.query(
      `INSERT INTO room_members (room_id, member_id, user_id, role, joined_seq)
       SELECT room_id, user_id, user_id, role, 0 FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS s (room_id, user_id, role)`,
      [
        seats.map((_, index) => roomIds[Math.floor(index / MEMBERS_PER_ROOM)]),
        people,
        seats.map((_, index) => (index % MEMBERS_PER_ROOM === 0 ? 'host' : 'member')),
      ],
    );
    await client.query('ANALYZE');
  });
  return seats.map((person, index) => ({
    token: accessToken(person, jwtSecret),
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

/** As `auth/sessions/access-jwt.ts` signs it. */
function accessToken(person: { id: string; sessionId: string; username: string }, secret: string): string {
  const { id, sessionId, username } = person;
  return new JwtService({}).sign(
    { sub: id, sid: sessionId, name: username, role: 'user' },
    { secret, algorithm: 'HS256', issuer: 'clawtank', audience: 'clawtank-api', expiresIn: TOKEN_SECONDS },
  );
}
