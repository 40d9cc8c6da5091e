import type { SearchHit, SearchResults } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { startTestServer, type TestServer } from '../support/app.js';
import { Person, request } from '../support/people.js';
import { aRoom, refusal, Speaker } from './chat.support.js';

let server: TestServer;
let roomId: string;
let host: Speaker;
let bob: Speaker;
let close: () => void;

beforeAll(async () => {
  server = await startTestServer();
});

beforeEach(async () => {
  const room = await aRoom(server.url);
  ({ roomId, close } = room);
  [host, bob] = room.speakers as [Speaker, Speaker];
});

afterEach(() => close());
afterAll(() => server.close());

const search = (person: Person, q: string, more = '') =>
  person.request<SearchResults>('GET', `/api/search?q=${encodeURIComponent(q)}${more}`);
const texts = async (person: Person, q: string, more = '') =>
  (await search(person, q, more)).hits.map(({ message }) => message.message);
/** What the highlights of a hit cover. */
const lit = ({ message, highlights }: SearchHit) => highlights.map(([from, to]) => message.message.slice(from, to));

describe('Search', () => {
  it('finds words, phrases, and what is without a word, newest first', async () => {
    await host.say('the quick brown fox');
    await bob.say('a brown and quick dog');
    await host.say('Quick thinking');
    expect(await texts(bob.person, 'quick')).toEqual([
      'Quick thinking',
      'a brown and quick dog',
      'the quick brown fox',
    ]);
    expect(await texts(bob.person, 'quick brown')).toEqual(['a brown and quick dog', 'the quick brown fox']);
    expect(await texts(bob.person, '"quick brown"')).toEqual(['the quick brown fox']);
    expect(await texts(bob.person, 'quick -brown')).toEqual(['Quick thinking']);
    expect(await texts(bob.person, 'quick -"brown fox"')).toEqual(['Quick thinking', 'a brown and quick dog']);
    expect(await texts(bob.person, 'slow')).toEqual([]);
    expect(await texts(bob.person, '🦊 !!!')).toEqual([]);
  });

  it('narrows by author, room, day and content', async () => {
    const other = await host.person.createRoom({ name: `Room of ${roomId.slice(0, 8)}` });
    const there = await Speaker.of(host.person, other.id);
    await host.say('narrow: `code` inline');
    await bob.say('narrow: ```\na block\n```');
    await bob.say('narrow: see https://example.com/x');
    await there.say('narrow: elsewhere');
    const old = await bob.say('narrow: long ago');
    await server.app
      .get(DataSource)
      .query(`UPDATE messages SET created_at = '2026-02-17T23:59:59.999Z' WHERE id = $1`, [old.id]);
    expect(await texts(host.person, `narrow from:@${bob.person.name.toUpperCase()} after:2026-02-17`)).toEqual([
      'narrow: see https://example.com/x',
      'narrow: ```\na block\n```',
    ]);
    expect(await texts(host.person, `narrow in:"${other.name}"`)).toEqual(['narrow: elsewhere']);
    expect(await texts(host.person, `narrow in:${other.id}`)).toEqual(['narrow: elsewhere']);
    expect(await texts(host.person, 'narrow', `&roomId=${other.id}`)).toEqual(['narrow: elsewhere']);
    expect(await texts(host.person, 'narrow before:2026-02-18')).toEqual(['narrow: long ago']);
    expect(await texts(host.person, 'narrow before:2026-02-17')).toEqual([]);
    expect(await texts(host.person, 'has:code')).toEqual(['narrow: ```\na block\n```', 'narrow: `code` inline']);
    expect(await texts(host.person, 'has:link')).toEqual(['narrow: see https://example.com/x']);
    there.socket.close();
  });

  it('finds pictures, and what became a task', async () => {
    const { agent } = await host.person.bringAgent(roomId);
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    );
    const upload = async (body: string | Buffer<ArrayBuffer>) => {
      const response = await fetch(`${server.url}/api/rooms/${roomId}/attachments`, {
        method: 'POST',
        headers: { authorization: `Bearer ${host.person.token}` },
        body,
      });
      return ((await response.json()) as { id: string }).id;
    };
    await host.say('a picture', { attachmentIds: [await upload(png)] });
    await host.say('', { attachmentIds: [await upload(png)] });
    await host.say('a file', { attachmentIds: [await upload('text')] });
    const wish = await host.say(`@${agent.name} please fix the door`);
    expect(await texts(bob.person, 'has:image')).toEqual(['', 'a picture']);
    for (let wait = 0; wait < 100 && (await texts(bob.person, 'is:task')).length === 0; wait++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await texts(bob.person, 'is:task')).toEqual([wish.message]);
  });

  it.each([
    ['plain words', 'find Me and me', 'me', ['Me', 'me']],
    ['after emoji and letters of two units', '👩‍💻🏖️ 𝒳 find', 'find', ['find']],
    ['inside of punctuation and code', '(find) `find` find_me', 'find', ['find', 'find', 'find']],
    ['each word of a phrase', 'one two three', '"two three"', ['two', 'three']],
    ['between tags and sentinels', '<b>find</b> \ue000find\ue001 &amp; find', 'find', ['find', 'find', 'find']],
    ['in a long text', `${'padding '.repeat(400)}needle ${'padding '.repeat(50)}`, 'needle', ['needle']],
    ['over several lines', 'first\n\n  find\tit\r\nfind', 'find', ['find', 'find']],
  ])('says exactly where it found something: %s', async (_, text, q, parts) => {
    await host.say(text);
    const { hits } = await search(bob.person, q);
    expect(hits).toHaveLength(1);
    expect(lit(hits[0]!)).toEqual(parts);
  });

  it('shows what was said before and after, in the room or in the thread', async () => {
    const root = await host.say('the root');
    await host.say('one in thread', { threadId: root.id });
    const before = await bob.say('before');
    const gone = await bob.say('gone');
    const hit = await host.say('needle in the room');
    const inThread = await bob.say('needle in the thread', { threadId: root.id });
    const after = await bob.say('after');
    await bob.delete(gone.id);
    const { hits } = await search(host.person, 'needle');
    const around = hits.map(({ message, before, after }) => [before?.message, message.id, after?.message]);
    expect(around).toEqual([
      ['one in thread', inThread.id, undefined],
      [before.message, hit.id, after.message],
    ]);
  });

  it('never finds what was deleted, nor what a message said before it was edited', async () => {
    const [gone, changed] = [await host.say('a needle'), await host.say('another needle')];
    await host.delete(gone.id);
    await host.edit(changed.id, 'a haystack');
    expect(await texts(host.person, 'needle')).toEqual([]);
    expect(await texts(host.person, '-needle')).toEqual(['a haystack']);
  });

  it('finds nothing for those who have no seat: never had, left, were removed or banned, or are agents elsewhere', async () => {
    const word = `secret${roomId.slice(0, 8)}`;
    const [former, removed, banned] = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const person = await Person.register(server.url);
        await host.person.invite(roomId, person);
        return person;
      }),
    );
    const { token: insider } = await host.person.bringAgent(roomId);
    const elsewhere = await host.person.createRoom();
    const { token: outsider } = await host.person.bringAgent(elsewhere.id);
    await host.say(`${word} and https://example.com \`code\``);
    const asked = [word, `"${word}"`, 'has:link', 'has:code', `from:${host.person.name}`, `in:${roomId}`, '-nothing'];
    const found = async (token: string) => {
      const answers = await Promise.all(
        asked.flatMap((q) =>
          ['', `&roomId=${roomId}`].map((more) =>
            request<SearchResults>(server.url, 'GET', `/api/search?q=${encodeURIComponent(q)}${more}`, { token }),
          ),
        ),
      );
      return answers.flatMap(({ hits }) => hits).filter(({ room }) => room.id === roomId).length;
    };
    const stranger = await Person.register(server.url);
    for (const { token } of [former!, removed!, banned!]) {
      expect(await found(token)).toBe(asked.length * 2);
    }
    expect(await found(insider)).toBe(asked.length * 2);
    await former!.request('POST', `/api/rooms/${roomId}/leave`);
    await host.person.request('DELETE', `/api/rooms/${roomId}/members/${removed!.id}`);
    await host.person.request('POST', `/api/rooms/${roomId}/bans`, { userId: banned!.id });
    for (const token of [stranger, former!, removed!, banned!].map((person) => person.token)) {
      expect(await found(token)).toBe(0);
    }
    expect(await found(outsider)).toBe(0);
    expect(await refusal(request(server.url, 'GET', '/api/search?q=x'))).toBe('unauthenticated');
  });

  it('goes on where a page ended, over rooms, without missing or repeating any', async () => {
    const other = await host.person.createRoom();
    const there = await Speaker.of(host.person, other.id);
    const said: string[] = [];
    for (let index = 0; index < 25; index++) {
      said.push((await (index % 3 ? host : there).say(`paged ${index}`)).message);
    }
    // Some at the very same moment.
    await server.app
      .get(DataSource)
      .query(`UPDATE messages SET created_at = '2026-03-01T12:00:00Z' WHERE room_id = ANY($1)`, [[roomId, other.id]]);
    const found: string[] = [];
    let cursor = '';
    do {
      const page = await search(host.person, 'paged', `&limit=4${cursor}`);
      found.push(...page.hits.map(({ message }) => message.message));
      cursor = page.nextCursor ? `&cursor=${page.nextCursor}` : '';
    } while (cursor !== '');
    expect(found).toHaveLength(25);
    expect([...found].sort()).toEqual(said.sort());
    expect(await refusal(search(host.person, 'paged', '&cursor=nonsense'))).toBe('invalid_input');
    there.socket.close();
  });

  it.each(['before:yesterday', 'has:video', 'is:open', '-from:ann', ' ', 'x'.repeat(301)])(
    'says what is wrong with %j, naming it',
    async (q) => {
      await expect(search(host.person, q)).rejects.toMatchObject({
        problem: { code: 'invalid_input', errors: [{ path: 'q' }] },
      });
    },
  );

  it.each([
    "' OR 1=1 --",
    "it's",
    '\\',
    '%_',
    'a & b | !c',
    '(a',
    '<->',
    'to_tsquery(',
    '$1',
    'from:"; DROP TABLE messages',
  ])('takes %j for nothing but words', async (q) => {
    await host.say('it is a b c');
    expect(await texts(host.person, q)).toEqual(expect.any(Array));
  });
});
