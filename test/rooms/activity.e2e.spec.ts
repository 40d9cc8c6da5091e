import { randomInt, randomUUID } from 'node:crypto';
import {
  ACTIVITY_KINDS,
  type ActivityPage,
  activityKindOf,
  ROOM_EVENT_TYPES,
  type RoomEventType,
} from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { startTestServer, type TestServer } from '../support/app.js';
import { Person } from '../support/people.js';
import { sampleEvents } from '../support/sample-events.js';

interface Logged {
  readonly seq: number;
  readonly type: RoomEventType;
  readonly actorId: string;
}
interface Question {
  readonly before?: number;
  readonly after?: number;
  readonly around?: number;
  readonly kind?: (typeof ACTIVITY_KINDS)[number];
  readonly actorId?: string;
  readonly limit: number;
}

/** What the feed should answer, said in the plainest way. */
function expected(log: readonly Logged[], { before, after, around, kind, actorId, limit }: Question) {
  const matching = log
    .filter(({ type }) => activityKindOf(type) !== null && (!kind || activityKindOf(type) === kind))
    .filter((entry) => !actorId || entry.actorId === actorId)
    .map(({ seq }) => seq);
  let first: number;
  if (after !== undefined) {
    first = matching.filter((seq) => seq <= after).length;
  } else if (around !== undefined) {
    const older = matching.filter((seq) => seq <= around).length;
    first = Math.min(older - (limit - Math.floor(limit / 2)), matching.length - limit);
  } else {
    first = matching.filter((seq) => before === undefined || seq < before).length - limit;
  }
  const end = after === undefined && around === undefined ? first + limit : Math.max(0, first) + limit;
  const page = matching.slice(Math.max(0, first), Math.max(0, end));
  return {
    seqs: page,
    hasMore: Math.max(0, first) > 0,
    hasNewer: Math.max(0, end) < matching.length,
  };
}

describe('the activity feed', () => {
  let server: TestServer;
  let ann: Person;
  let roomId: string;
  const log: Logged[] = [];
  const actors = Array.from({ length: 4 }, () => randomUUID());

  beforeAll(async () => {
    server = await startTestServer();
    ann = await Person.register(server.url);
    ({ id: roomId } = await ann.createRoomWithRepository());
    const database = server.app.get(DataSource);
    const rows = await database.query<{ seq: string; type: RoomEventType; actor_id: string | null }[]>(
      `SELECT seq, type, actor_id FROM room_events WHERE room_id = $1 ORDER BY seq`,
      [roomId],
    );
    log.push(...rows.map(({ seq, type, actor_id }) => ({ seq: Number(seq), type, actorId: actor_id ?? '' })));
    for (let count = 0; count < 160; count++) {
      const type = ROOM_EVENT_TYPES[randomInt(ROOM_EVENT_TYPES.length)]!;
      const entry = { seq: log.length + 1, type, actorId: actors[randomInt(actors.length)]! };
      await database.query(
        `INSERT INTO room_events (room_id, seq, type, actor_type, actor_id, actor_name, visibility, payload, created_at)
         VALUES ($1, $2, $3, 'human', $4, 'somebody', 'members', $5, now())`,
        [roomId, entry.seq, type, entry.actorId, JSON.stringify(sampleEvents[type].data)],
      );
      log.push(entry);
    }
    await database.query(`UPDATE rooms SET last_seq = $2 WHERE id = $1`, [roomId, log.length]);
  });
  afterAll(() => server.close());

  const ask = async (question: Question) => {
    const query = new URLSearchParams(
      Object.entries(question).map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
    const page = await ann.request<ActivityPage>('GET', `/api/rooms/${roomId}/activity?${query}`);
    return { seqs: page.activity.map(({ seq }) => seq), hasMore: page.hasMore, hasNewer: page.hasNewer };
  };

  it('answers like a plain filter over the whole log, whatever is asked of it', async () => {
    for (let count = 0; count < 300; count++) {
      const place = randomInt(log.length + 10);
      const question: Question = {
        limit: 1 + randomInt(12),
        ...[{}, { before: place }, { after: place }, { around: place }][randomInt(4)],
        ...(randomInt(2) === 0 && { kind: ACTIVITY_KINDS[randomInt(ACTIVITY_KINDS.length)]! }),
        ...(randomInt(3) === 0 && { actorId: actors[randomInt(actors.length)]! }),
      };
      expect({ question, ...(await ask(question)) }).toEqual({ question, ...expected(log, question) });
    }
  });

  it('is walked from end to end and back without missing or repeating anything', async () => {
    const all = expected(log, { limit: 1000 }).seqs;
    const down: number[] = [];
    for (let page = await ask({ limit: 7 }); ; page = await ask({ limit: 7, before: down[0]! })) {
      down.unshift(...page.seqs);
      if (!page.hasMore) {
        break;
      }
    }
    expect(down).toEqual(all);
    const up: number[] = [];
    for (let page = await ask({ limit: 7, after: 0 }); ; page = await ask({ limit: 7, after: up.at(-1)! })) {
      up.push(...page.seqs);
      if (!page.hasNewer) {
        break;
      }
    }
    expect(up).toEqual(all);
  });

  it('opens at a permalink with what was before and after it', async () => {
    const all = expected(log, { limit: 1000 }).seqs;
    const place = all[Math.floor(all.length / 2)]!;
    const { seqs, hasMore, hasNewer } = await ask({ around: place, limit: 11 });
    expect(seqs.indexOf(place)).toBe(5);
    expect({ hasMore, hasNewer }).toEqual({ hasMore: true, hasNewer: true });
  });

  it('refuses two places at once, and strangers', async () => {
    await expect(ask({ before: 5, after: 2, limit: 3 })).rejects.toMatchObject({ problem: { code: 'invalid_input' } });
    const eve = await Person.register(server.url);
    await expect(eve.request('GET', `/api/rooms/${roomId}/activity`)).rejects.toMatchObject({ status: 404 });
  });
});
