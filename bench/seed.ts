import { randomUUID } from 'node:crypto';
import 'reflect-metadata';
import { JwtService } from '@nestjs/jwt';
import type { Room } from '@clawtank/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from './database.js';
import { MEMBERS_PER_ROOM, ROOMS, type Seated } from './workload.js';

const SESSION_HOURS = 2;
const TOKEN_SECONDS = 900;
const REQUESTS_AT_ONCE = 16;
const OUTBOX_MS = 60_000;

interface Person {
  readonly id: string;
  readonly sessionId: string;
  readonly username: string;
}

/**
 * Fills a server that has just started. Accounts and sessions are written into its database, as registering would, because a
 * thousand passwords take argon2 minutes; the access tokens are signed with the server's own secret. Rooms and seats are made
 * over REST, by these people with these tokens. Rooms are public: each message then also goes through the public projection,
 * which is the longer way.
 */
export async function seed(url: string, databaseUrl: string, jwtSecret: string): Promise<Seated[]> {
  const people = Array.from({ length: ROOMS * MEMBERS_PER_ROOM }, (_, index) => ({
    id: randomUUID(),
    sessionId: randomUUID(),
    username: `bench-${String(index).padStart(4, '0')}`,
  }));
  await insertPeople(databaseUrl, people);
  const tokens = people.map((person) => accessToken(person, jwtSecret));
  const hosts = tokens.filter((_, index) => index % MEMBERS_PER_ROOM === 0);
  const rooms = await eachOf(hosts, async (token, index) => {
    const { id } = await post<Room>(`${url}/api/rooms`, token, { name: `Bench ${index}`, visibility: 'public' });
    return id;
  });
  const seats = tokens.map((token, index) => ({ token, roomId: rooms[Math.floor(index / MEMBERS_PER_ROOM)] ?? '' }));
  const guests = seats.filter((_, index) => index % MEMBERS_PER_ROOM !== 0);
  await eachOf(guests, ({ token, roomId }) => post(`${url}/api/rooms/${roomId}/join`, token, {}));
  await outboxEmpty(databaseUrl);
  return seats;
}

/** The chat messages that the database holds. */
export function storedMessages(databaseUrl: string): Promise<number> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ count: string }>(
      `SELECT count(*) FROM messages JOIN room_events USING (room_id, seq) WHERE client_message_id LIKE 'bench-message-%'`,
    );
    return Number(rows[0]?.count ?? 0);
  });
}

function insertPeople(databaseUrl: string, people: readonly Person[]): Promise<void> {
  return withClient(databaseUrl, async (client) => {
    await client.query(`INSERT INTO users (id, username) SELECT * FROM unnest($1::uuid[], $2::text[])`, [
      people.map(({ id }) => id),
      people.map(({ username }) => username),
    ]);
    await client.query(
      `INSERT INTO sessions (id, user_id, expires_at, user_agent)
       SELECT id, user_id, now() + make_interval(hours => $3), 'bench' FROM unnest($1::uuid[], $2::uuid[]) AS s (id, user_id)`,
      [people.map(({ sessionId }) => sessionId), people.map(({ id }) => id), SESSION_HOURS],
    );
    await client.query('ANALYZE');
  });
}

/** As `auth/sessions/access-jwt.ts` signs it. */
function accessToken({ id, sessionId, username }: Person, secret: string): string {
  return new JwtService({}).sign(
    { sub: id, sid: sessionId, name: username, role: 'user' },
    { secret, algorithm: 'HS256', issuer: 'clawtank', audience: 'clawtank-api', expiresIn: TOKEN_SECONDS },
  );
}

async function eachOf<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  await Promise.all(
    Array.from({ length: REQUESTS_AT_ONCE }, async () => {
      for (const [index, item] of waiting) {
        results[index] = await work(item, index);
      }
    }),
  );
  return results;
}

async function post<Answer>(url: string, token: string, body: unknown): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`POST ${url}: ${response.status} ${await response.text()}`);
  }
  return (await response.json()) as Answer;
}

/** Waits until the server has done what making rooms leaves to do, such as their repositories. */
function outboxEmpty(databaseUrl: string): Promise<void> {
  return withClient(databaseUrl, async (client) => {
    for (const deadline = Date.now() + OUTBOX_MS; Date.now() < deadline; await sleep(200)) {
      const { rowCount } = await client.query('SELECT FROM outbox LIMIT 1');
      if (rowCount === 0) {
        return;
      }
    }
    throw new Error('The server did not finish making the rooms');
  });
}
