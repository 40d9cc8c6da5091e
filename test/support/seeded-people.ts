import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import pg from 'pg';

const SESSION_HOURS = 2;
/** As long as the longest measurement. */
const TOKEN_SECONDS = 3600;

/** Somebody whom we have written into the database, as registering would: a thousand passwords take argon2 minutes. */
export interface SeededPerson {
  readonly id: string;
  readonly username: string;
  /** An access token of a live session, signed with the server's own secret. */
  readonly token: string;
}

/** Makes accounts and sessions by these names. Names have to be new. */
export async function seedPeople(
  databaseUrl: string,
  jwtSecret: string,
  usernames: readonly string[],
): Promise<SeededPerson[]> {
  const people = usernames.map((username) => ({ id: randomUUID(), sessionId: randomUUID(), username }));
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await client.query(`INSERT INTO users (id, username) SELECT * FROM unnest($1::uuid[], $2::text[])`, [
      people.map(({ id }) => id),
      people.map(({ username }) => username),
    ]);
    await client.query(
      `INSERT INTO sessions (id, user_id, expires_at, user_agent)
       SELECT id, user_id, now() + make_interval(hours => $3), 'seeded' FROM unnest($1::uuid[], $2::uuid[]) AS s (id, user_id)`,
      [people.map(({ sessionId }) => sessionId), people.map(({ id }) => id), SESSION_HOURS],
    );
  } finally {
    await client.end();
  }
  return people.map(({ id, sessionId, username }) => ({
    id,
    username,
    token: accessToken(id, sessionId, username, jwtSecret),
  }));
}

/** As `auth/sessions/access-jwt.ts` signs it. */
function accessToken(id: string, sessionId: string, username: string, secret: string): string {
  return new JwtService({}).sign(
    { sub: id, sid: sessionId, name: username, role: 'user' },
    { secret, algorithm: 'HS256', issuer: 'clawtank', audience: 'clawtank-api', expiresIn: TOKEN_SECONDS },
  );
}
