import type { CreateRoom, ListRooms, RoomCard, RoomFacets, RoomList } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { RoomFilter } from '../../apps/api/src/rooms/lobby/lobby-filter.js';
import { PlainSpectator } from '../spectators/spectators.support.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { eventually, Person, request } from '../support/people.js';

type Query = Partial<Record<keyof ListRooms, string | number>>;

describe('the lobby', () => {
  let server: TestServer;
  let ann: Person;
  let bob: Person;

  beforeAll(async () => {
    server = await startTestServer();
    [ann, bob] = [await Person.register(server.url), await Person.register(server.url)];
  });
  afterAll(() => server.close());

  const database = () => server.app.get(DataSource);
  const list = (query: Query = {}, by?: Person): Promise<RoomList> => {
    const text = new URLSearchParams(
      Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
    return request<RoomList>(server.url, 'GET', `/api/rooms?${text}`, { ...(by && { token: by.token }) });
  };
  const names = async (query: Query, by?: Person) => (await list(query, by)).rooms.map(({ name }) => name);
  const publicRoom = (room: Partial<CreateRoom> & { name: string }) =>
    ann.createRoom({ visibility: 'public', ...room });

  /** Every page, one after the other. */
  const pages = async (query: Query, limit: number, between?: () => Promise<unknown>): Promise<RoomCard[]> => {
    const rooms: RoomCard[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: RoomList = await list({ ...query, limit, ...(cursor && { cursor }) });
      expect(page.rooms.length).toBeLessThanOrEqual(limit);
      rooms.push(...page.rooms);
      cursor = page.nextCursor;
      await between?.();
    }
    return rooms;
  };

  it('finds rooms by what their name, description and topics say, whatever the case', async () => {
    await publicRoom({ name: 'Marmalade factory' });
    await publicRoom({ name: 'Second', description: 'We make MARMALADE too' });
    await publicRoom({ name: 'Third', topics: ['marmalade'] });
    await ann.createRoom({ name: 'Secret marmalade' });
    expect((await names({ search: 'mArMaLaDe' })).sort()).toEqual(['Marmalade factory', 'Second', 'Third']);
    expect(await names({ search: 'marmalade', topic: 'marmalade' })).toEqual(['Third']);
  });

  it('takes what has a meaning in patterns for what it is', async () => {
    await publicRoom({ name: '100% jam_jars \\o/' });
    await publicRoom({ name: '100 jamXjars' });
    for (const search of ['100%', 'jam_jars', '\\o', '% jam_']) {
      expect(await names({ search })).toEqual(['100% jam_jars \\o/']);
    }
    await expect(list({ search: 'a\u0000b' })).rejects.toMatchObject({ problem: { code: 'invalid_input' } });
  });

  it('filters by language, topic and when something last happened', async () => {
    await publicRoom({ name: 'Fresh', language: 'zig', topics: ['allocators', 'wasm'] });
    const old = await publicRoom({ name: 'Old', language: 'zig', topics: ['allocators'] });
    await publicRoom({ name: 'Other', language: 'c++', topics: ['wasm'] });
    await age(old.id, '3 days');
    expect(await names({ language: 'zig' })).toEqual(['Fresh', 'Old']);
    expect(await names({ language: 'ZIG', topic: 'wasm' })).toEqual(['Fresh']);
    expect(await names({ language: 'c++' })).toEqual(['Other']);
    expect(await names({ topic: 'allocators', activeWithin: 'day' })).toEqual(['Fresh']);
    expect(await names({ topic: 'allocators', activeWithin: 'week' })).toEqual(['Fresh', 'Old']);
    expect(await names({ language: 'cobol' })).toEqual([]);
  });

  it('lets a room vanish when it is archived, except for those who look for archived ones', async () => {
    const room = await publicRoom({ name: 'Museum', topics: ['museum'] });
    await ann.request('POST', `/api/rooms/${room.id}/archive`);
    expect(await names({ topic: 'museum' })).toEqual([]);
    const [card] = (await list({ topic: 'museum', archived: 'true' })).rooms;
    expect(card?.archivedAt).not.toBeNull();
    expect(await names({ scope: 'mine', topic: 'museum' }, ann)).toEqual([]);
    expect(await names({ scope: 'mine', topic: 'museum', archived: 'true' }, ann)).toEqual(['Museum']);
    await ann.request('POST', `/api/rooms/${room.id}/unarchive`);
    expect(await names({ topic: 'museum' })).toEqual(['Museum']);
  });

  it('shows people their own rooms, private ones included, and nobody else’s', async () => {
    await bob.createRoom({ name: 'Private den', topics: ['dens'] });
    expect(await names({ scope: 'mine', topic: 'dens' }, bob)).toEqual(['Private den']);
    expect(await names({ scope: 'mine', topic: 'dens' }, ann)).toEqual([]);
    await expect(list({ scope: 'mine' })).rejects.toMatchObject({ status: 401 });
  });

  it('counts seats as they are taken and given up', async () => {
    const room = await publicRoom({ name: 'Counted', topics: ['counted'] });
    await bob.request('POST', `/api/rooms/${room.id}/join`);
    await bob.bringAgent(room.id);
    const card = async () => (await list({ topic: 'counted' }, bob)).rooms[0];
    expect(await card()).toMatchObject({ memberCount: 2, agentCount: 1, joined: true });
    await bob.request('POST', `/api/rooms/${room.id}/leave`);
    expect(await card()).toMatchObject({ memberCount: 1, agentCount: 0, joined: false });
  });

  describe('in any order', () => {
    const topic = 'ordered';
    const rooms: { id: string; name: string }[] = [];
    beforeAll(async () => {
      for (let index = 0; index < 14; index++) {
        rooms.push(await publicRoom({ name: `Room ${index}`, topics: [topic] }));
      }
      // Some alike in everything an order looks at, so that only their ids settle it.
      const now = new Date();
      for (const [index, { id }] of rooms.entries()) {
        await database().query(
          `UPDATE rooms SET last_activity_at = $5::timestamptz - $2 * interval '1 minute', created_at = $5::timestamptz - $3 * interval '1 minute', person_count = $4 WHERE id = $1`,
          [id, Math.floor(index / 3), 20 - Math.floor(index / 4), index % 3, now],
        );
      }
    });

    const SORTED_BY: Record<ListRooms['sort'], (card: RoomCard) => readonly number[]> = {
      activity: ({ lastActivityAt }) => [-Date.parse(lastActivityAt)],
      newest: ({ createdAt }) => [-Date.parse(createdAt)],
      members: ({ memberCount }) => [-memberCount],
      viewers: ({ viewers, lastActivityAt }) => [-viewers, -Date.parse(lastActivityAt)],
    };

    it.each(['activity', 'newest', 'members', 'viewers'] as const)(
      'by %s has each room once, page by page',
      async (sort) => {
        const watching =
          sort === 'viewers' ? [3, 3, 9, 12, 5].map((index) => new PlainSpectator(server.url, rooms[index]!.id)) : [];
        await Promise.all(watching.map((spectator) => spectator.welcome()));
        if (sort === 'viewers') {
          // Nobody's ranking is older than a second.
          await eventually(async () => {
            const watched = (await list({ sort, topic })).rooms.slice(0, 4).map(({ viewers }) => viewers);
            return watched.join() === '2,1,1,1';
          });
        }
        const whole = (await list({ sort, topic })).rooms;
        expect(whole).toHaveLength(rooms.length);
        const keys = whole.map((card) => [...SORTED_BY[sort](card), card.id] as const);
        expect(keys).toEqual([...keys].sort((a, b) => compareAll(a, b)));
        for (const limit of [1, 3, 5, 14]) {
          expect((await pages({ sort, topic }, limit)).map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
        }
        await Promise.all(watching.map((spectator) => spectator.leave()));
      },
    );

    it('neither repeats nor skips a room when others come meanwhile', async () => {
      let made = 0;
      const seen = await pages({ sort: 'newest', topic }, 4, async () => {
        if (made++ < 3) {
          await publicRoom({ name: `Late ${made}`, topics: [topic] });
        }
      });
      const ids = seen.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(expect.arrayContaining(rooms.map(({ id }) => id)));
    });

    it('refuses a cursor that was not made here, or for another order', async () => {
      const { nextCursor } = await list({ sort: 'newest', topic, limit: 1 });
      const forged = [
        '2026-01-01T00:00:00.000Z',
        'garbage',
        Buffer.from('{}').toString('base64url'),
        Buffer.from('{"sort":"activity","by":"yesterday","id":"x"}').toString('base64url'),
        Buffer.from(`{"sort":"activity","by":"2026-01-01T00:00:00Z","id":"' OR 1=1"}`).toString('base64url'),
        nextCursor!,
      ];
      for (const cursor of forged) {
        await expect(list({ sort: 'activity', topic, cursor })).rejects.toMatchObject({
          problem: { code: 'invalid_input', errors: [{ path: 'cursor' }] },
        });
      }
    });
  });

  it('says what public rooms are about, the most frequent first', async () => {
    await publicRoom({ name: 'F1', language: 'fortran', topics: ['facet-a', 'facet-b'] });
    await publicRoom({ name: 'F2', language: 'fortran', topics: ['facet-a'] });
    await ann.createRoom({ name: 'F3', language: 'fortran', topics: ['facet-b', 'facet-secret'] });
    const gone = await publicRoom({ name: 'F4', language: 'fortran', topics: ['facet-gone'] });
    await ann.request('POST', `/api/rooms/${gone.id}/archive`);
    const { languages, topics } = await request<RoomFacets>(server.url, 'GET', '/api/rooms/facets');
    expect(languages).toContainEqual({ name: 'fortran', rooms: 2 });
    expect(topics.filter(({ name }) => name.startsWith('facet'))).toEqual([
      { name: 'facet-a', rooms: 2 },
      { name: 'facet-b', rooms: 1 },
    ]);
    expect(topics.map(({ rooms }) => rooms)).toEqual(topics.map(({ rooms }) => rooms).sort((a, b) => b - a));
  });

  it('is read from its indexes when there are thousands of rooms', async () => {
    await database().query(
      `INSERT INTO rooms (name, visibility, created_by, created_at, last_activity_at, language, topics, person_count)
       SELECT 'Crowd ' || n, CASE WHEN n % 5 = 0 THEN 'private' ELSE 'public' END, $1, now() - n * interval '1 minute', now() - n * interval '1 second',
              'lang' || n % 200, ARRAY['crowd', 'topic' || n % 500], n % 20
       FROM generate_series(1, 5000) AS n`,
      [ann.id],
    );
    await database().query('ANALYZE rooms');
    const plan = async (query: Partial<ListRooms>, order: string): Promise<string> => {
      const filter = new RoomFilter(null, {
        scope: 'public',
        sort: 'activity',
        archived: 'false',
        limit: 30,
        ...query,
      });
      const rows = await database().query<{ 'QUERY PLAN': string }[]>(
        `EXPLAIN SELECT r.id FROM rooms r WHERE ${filter.sql} ORDER BY ${order}, r.id LIMIT 31`,
        filter.parameters,
      );
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    const byActivity = 'r.last_activity_at DESC';
    expect(await plan({}, byActivity)).toContain('rooms_public_idx');
    expect(await plan({}, 'r.created_at DESC')).toContain('rooms_newest_idx');
    expect(await plan({}, 'r.person_count DESC')).toContain('rooms_people_idx');
    expect(await plan({ language: 'lang7' }, byActivity)).toContain('rooms_language_idx');
    expect(await plan({ topic: 'topic7' }, byActivity)).toContain('rooms_topics_idx');
    expect(await plan({ search: 'crowd 4' }, byActivity)).toContain('rooms_public_idx');
    expect(await plan({ activeWithin: 'hour' }, byActivity)).toContain('rooms_public_idx');
    expect(await list({ limit: 30 })).toMatchObject({ nextCursor: expect.any(String) as string });
  });

  function age(roomId: string, by: string): Promise<unknown> {
    return database().query(`UPDATE rooms SET last_activity_at = now() - $2::interval WHERE id = $1`, [roomId, by]);
  }
});

function compareAll(one: readonly (number | string)[], other: readonly (number | string)[]): number {
  for (const [index, value] of one.entries()) {
    const against = other[index]!;
    if (value !== against) {
      return value < against ? -1 : 1;
    }
  }
  return 0;
}
