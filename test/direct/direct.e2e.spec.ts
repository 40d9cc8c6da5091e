import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Badges, DirectBadge, DirectMessage, DirectMessagePage, NewAgent } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, command, connect, eventually, Person, request, type RoomSocket } from '../support/people.js';

let server: TestServer;
let ann: Person;
let bob: Person;
let eve: Person;
let roomId: string;
const sockets: RoomSocket[] = [];

beforeAll(async () => {
  server = await startTestServer();
});
beforeEach(async () => {
  ann = await Person.register(server.url);
  bob = await Person.register(server.url);
  eve = await Person.register(server.url);
  // Eve hosts: what two of her guests say to each other is none of her business.
  ({ id: roomId } = await eve.createRoomWithRepository({ visibility: 'public' }));
  await eve.invite(roomId, ann);
  await eve.invite(roomId, bob);
});
afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));
afterAll(() => server.close());

/** A socket, and every direct message that it was pushed. */
async function lineOf(connecting: Promise<RoomSocket>): Promise<{ socket: RoomSocket; heard: DirectMessage[] }> {
  const socket = await connecting;
  sockets.push(socket);
  const heard: DirectMessage[] = [];
  socket.on('direct_message', ({ message }) => heard.push(message));
  return { socket, heard };
}
const agentLine = ({ token }: NewAgent) => lineOf(connect(server.url, '/agents', token));

const page = (reader: Person, memberId: string, query = ''): Promise<DirectMessagePage> =>
  reader.request<DirectMessagePage>('GET', `/api/rooms/${roomId}/direct/${memberId}/messages${query}`);

describe('a direct message', () => {
  it('reaches all devices of both, and is numbered within their conversation', async () => {
    const [hers, hersToo, his] = await Promise.all([
      lineOf(ann.connect()),
      lineOf(ann.connect()),
      lineOf(bob.connect()),
    ]);
    const others = await lineOf(eve.connect());
    const first = await accepted(hers.socket, 'direct_message', { roomId, toMemberId: bob.id, message: 'Psst' });
    const second = await accepted(his.socket, 'direct_message', { roomId, toMemberId: ann.id, message: 'Yes?' });

    expect(first).toEqual({
      type: 'direct_message',
      id: expect.any(String) as string,
      roomId,
      memberIds: [ann.id, bob.id].sort(),
      seq: 1,
      userId: ann.id,
      author: { type: 'human', id: ann.id, name: ann.name },
      message: 'Psst',
      clientMessageId: null,
      timestamp: expect.any(String) as string,
      editedAt: null,
      deletedAt: null,
      revision: 1,
    });
    expect(second).toMatchObject({ seq: 2, revision: 2, memberIds: first.memberIds });
    for (const { heard } of [hers, hersToo, his]) {
      await eventually(() => heard.length === 2);
      expect(heard).toEqual([first, second]);
    }
    expect(await page(ann, bob.id)).toEqual({ messages: [first, second], hasMore: false, revision: 2, lastReadSeq: 0 });
    expect(await page(bob, ann.id)).toMatchObject({ messages: [first, second] });
    expect(await page(eve, ann.id)).toEqual({ messages: [], hasMore: false, revision: 0, lastReadSeq: 0 });
    expect(others.heard).toEqual([]);
  });

  it('has a place of its own in one order, however both race', async () => {
    const [hers, his] = await Promise.all([lineOf(ann.connect()), lineOf(bob.connect())]);
    const sent = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        index % 2
          ? accepted(hers.socket, 'direct_message', { roomId, toMemberId: bob.id, message: `hers ${index}` })
          : accepted(his.socket, 'direct_message', { roomId, toMemberId: ann.id, message: `his ${index}` }),
      ),
    );
    const places = Array.from({ length: 60 }, (_, index) => index + 1);
    expect(sent.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(places);
    expect(sent.map(({ revision }) => revision).sort((a, b) => a - b)).toEqual(places);
    const pages = [await page(ann, bob.id, '?limit=40'), await page(ann, bob.id, '?limit=40&before=21')];
    expect(pages.map(({ hasMore }) => hasMore)).toEqual([true, false]);
    expect([...pages[1]!.messages, ...pages[0]!.messages].map(({ seq }) => seq)).toEqual(places);
  });

  it('is said once, however often it is repeated', async () => {
    const [hers, hersToo] = await Promise.all([lineOf(ann.connect()), lineOf(ann.connect())]);
    const said = { roomId, toMemberId: bob.id, message: 'once', clientMessageId: randomUUID() };
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, index) => accepted((index % 2 ? hers : hersToo).socket, 'direct_message', said)),
    );
    expect(new Set(replies.map(({ id, seq }) => `${id} ${seq}`)).size).toBe(1);
    expect((await page(bob, ann.id)).messages).toHaveLength(1);
    expect(await command(hers.socket, 'direct_message', { ...said, message: 'twice' })).toMatchObject({
      ok: false,
      error: { code: 'command_id_reused' },
    });
  });

  it('is changed and taken back by its author alone, and whoever was away misses neither', async () => {
    const [hers, his] = await Promise.all([lineOf(ann.connect()), lineOf(bob.connect())]);
    const { id: messageId } = await accepted(hers.socket, 'direct_message', {
      roomId,
      toMemberId: bob.id,
      message: 'Teh first',
    });
    const other = await accepted(hers.socket, 'direct_message', { roomId, toMemberId: bob.id, message: 'second' });
    const { revision } = await page(bob, ann.id);

    expect(await command(his.socket, 'edit_direct_message', { roomId, messageId, message: 'mine' })).toMatchObject({
      error: { code: 'forbidden' },
    });
    expect(await command(his.socket, 'delete_direct_message', { roomId, messageId })).toMatchObject({
      error: { code: 'forbidden' },
    });
    const stranger = await lineOf(eve.connect());
    expect(await command(stranger.socket, 'delete_direct_message', { roomId, messageId })).toMatchObject({
      error: { code: 'not_found' },
    });

    const edited = await accepted(hers.socket, 'edit_direct_message', { roomId, messageId, message: 'The first' });
    expect(edited).toMatchObject({ seq: 1, revision: 3, message: 'The first', editedAt: expect.any(String) as string });
    const deleted = await accepted(hers.socket, 'delete_direct_message', { roomId, messageId: other.id });
    expect(deleted).toMatchObject({ seq: 2, revision: 4, message: '', deletedAt: expect.any(String) as string });
    expect(await accepted(hers.socket, 'delete_direct_message', { roomId, messageId: other.id })).toEqual(deleted);
    expect(
      await command(hers.socket, 'edit_direct_message', { roomId, messageId: other.id, message: 'No!' }),
    ).toMatchObject({ error: { code: 'message_deleted' } });

    expect(await page(bob, ann.id, `?sinceRevision=${revision}`)).toEqual({
      messages: [edited, deleted],
      hasMore: false,
      revision: 4,
      lastReadSeq: 0,
    });
    expect(await page(bob, ann.id, `?sinceRevision=0&limit=1`)).toMatchObject({
      messages: [{ revision: 3 }],
      hasMore: true,
    });
    await eventually(() => his.heard.length === 4);
    expect(his.heard.slice(2)).toEqual([edited, deleted]);
  });

  it('is counted until it is read, on all devices', async () => {
    const [hers, his, hisToo] = await Promise.all([
      lineOf(ann.connect()),
      lineOf(bob.connect()),
      lineOf(bob.connect()),
    ]);
    const told: DirectBadge[] = [];
    hisToo.socket.on('badges_changed', ({ direct }) => told.push(...direct));
    const first = await accepted(hers.socket, 'direct_message', { roomId, toMemberId: bob.id, message: 'one' });
    await accepted(hers.socket, 'direct_message', { roomId, toMemberId: bob.id, message: 'two' });
    const third = await accepted(hers.socket, 'direct_message', { roomId, toMemberId: bob.id, message: 'three' });
    await accepted(hers.socket, 'delete_direct_message', { roomId, messageId: third.id });

    const badge = {
      roomId,
      member: { id: ann.id, name: ann.name, type: 'human' },
      unread: 2,
      lastReadSeq: 0,
      lastMessageAt: third.timestamp,
    };
    expect((await bob.request<Badges>('GET', '/api/me/badges')).direct).toEqual([badge]);
    expect(await bob.request('GET', `/api/rooms/${roomId}/direct`)).toEqual([badge]);
    expect(await ann.request('GET', `/api/rooms/${roomId}/direct`)).toMatchObject([
      { member: { id: bob.id }, unread: 0 },
    ]);
    expect(await eve.request('GET', `/api/rooms/${roomId}/direct`)).toEqual([]);

    await accepted(his.socket, 'mark_direct_read', { roomId, memberId: ann.id, seq: first.seq });
    await eventually(() => told.at(-1)?.unread === 1 && told.at(-1)?.lastReadSeq === 1);
    await accepted(his.socket, 'mark_direct_read', { roomId, memberId: ann.id, seq: 1000 });
    await accepted(his.socket, 'mark_direct_read', { roomId, memberId: ann.id, seq: 1 });
    expect((await bob.request<Badges>('GET', '/api/me/badges')).direct).toMatchObject([{ unread: 0, lastReadSeq: 3 }]);
    expect(await page(bob, ann.id)).toMatchObject({ lastReadSeq: 3 });
    expect(await page(ann, bob.id)).toMatchObject({ lastReadSeq: 0 });
    await eventually(async () => (await bob.request<Badges>('GET', '/api/me/badges')).notifications === 0);
  });

  it('is not said by the muted, to or by those who only read, to oneself, or as a command', async () => {
    const { socket } = await lineOf(ann.connect());
    const mine = await accepted(socket, 'direct_message', { roomId, toMemberId: bob.id, message: 'hello' });
    const to = (toMemberId: string, message = 'hello') =>
      command(socket, 'direct_message', { roomId, toMemberId, message });
    expect(await to(ann.id)).toMatchObject({ error: { code: 'forbidden' } });
    expect(await to(randomUUID())).toMatchObject({ error: { code: 'not_found' } });
    expect(await to(bob.id, '/kick bob')).toMatchObject({ error: { code: 'unknown_slash_command' } });
    expect(await to(bob.id, '//kick bob')).toMatchObject({ data: { message: '/kick bob' } });

    await eve.request('PUT', `/api/rooms/${roomId}/members/${bob.id}/role`, { role: 'guest' });
    expect(await to(bob.id)).toMatchObject({ error: { code: 'forbidden' } });
    const his = await lineOf(bob.connect());
    expect(await command(his.socket, 'direct_message', { roomId, toMemberId: ann.id, message: 'hi' })).toMatchObject({
      error: { code: 'forbidden' },
    });
    expect((await page(bob, ann.id)).messages).toHaveLength(2);

    await eve.request('PUT', `/api/rooms/${roomId}/members/${ann.id}/mute`, { minutes: 5 });
    expect(await to(eve.id)).toMatchObject({ error: { code: 'muted' } });
    expect(await command(socket, 'edit_direct_message', { roomId, messageId: mine.id, message: 'ha' })).toMatchObject({
      error: { code: 'muted' },
    });
    expect(await accepted(socket, 'delete_direct_message', { roomId, messageId: mine.id })).toMatchObject({
      message: '',
    });
  });

  it('is out of reach without a seat, stays with who stays, and waits for who comes back', async () => {
    const [hers, his] = await Promise.all([lineOf(ann.connect()), lineOf(bob.connect())]);
    const first = await accepted(hers.socket, 'direct_message', { roomId, toMemberId: bob.id, message: 'keep this' });
    await bob.request('POST', `/api/rooms/${roomId}/leave`);

    expect((await page(ann, bob.id)).messages).toMatchObject([{ message: 'keep this' }]);
    await expect(page(bob, ann.id)).rejects.toMatchObject({ status: 404 });
    expect((await bob.request<Badges>('GET', '/api/me/badges')).direct).toEqual([]);
    expect(
      await command(hers.socket, 'direct_message', { roomId, toMemberId: bob.id, message: 'are you gone?' }),
    ).toMatchObject({ error: { code: 'not_found' } });
    expect(await command(his.socket, 'direct_message', { roomId, toMemberId: ann.id, message: 'yes' })).toMatchObject({
      error: { code: 'not_found' },
    });
    const before = his.heard.length;
    await accepted(hers.socket, 'edit_direct_message', { roomId, messageId: first.id, message: 'kept' });
    await bob.request('POST', `/api/rooms/${roomId}/join`, {});
    expect((await page(bob, ann.id)).messages).toMatchObject([{ message: 'kept' }]);
    expect(his.heard).toHaveLength(before);
  });
});

describe('an agent and direct messages', () => {
  it('hears what is said to it and answers, speaks to its owner, and to nobody who did not ask', async () => {
    const crab = await ann.bringAgent(roomId);
    const shrimp = await bob.bringAgent(roomId);
    const [its, hers, his] = await Promise.all([agentLine(crab), lineOf(ann.connect()), lineOf(bob.connect())]);
    const from = (toMemberId: string) => command(its.socket, 'direct_message', { roomId, toMemberId, message: 'beep' });

    expect(await from(ann.id)).toMatchObject({ ok: true });
    expect(await from(bob.id)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(await from(shrimp.agent.id)).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    await eventually(() => hers.heard.length === 1);

    await accepted(his.socket, 'direct_message', { roomId, toMemberId: crab.agent.id, message: 'What do you do?' });
    await eventually(() => its.heard.at(-1)?.message === 'What do you do?');
    expect(await from(bob.id)).toMatchObject({ ok: true, data: { author: { type: 'agent', name: crab.agent.name } } });
    const seen = await request<DirectMessagePage>(server.url, 'GET', `/api/rooms/${roomId}/direct/${bob.id}/messages`, {
      token: crab.token,
    });
    expect(seen.messages.map(({ message }) => message)).toEqual(['What do you do?', 'beep']);
    expect(await bob.request('GET', `/api/rooms/${roomId}/direct`)).toMatchObject([
      { member: { id: crab.agent.id, name: crab.agent.name, type: 'agent' }, unread: 1 },
    ]);
  });
});

describe('the secrecy of direct messages', () => {
  it('shows a canary to nobody but the two: no route, no socket, no row elsewhere; and to nobody once it is deleted', async () => {
    const canary = `canary${randomUUID().replaceAll('-', '')}`;
    const admin = await Person.register(server.url);
    await server.app.get(DataSource).query(`UPDATE users SET role = 'admin' WHERE id = $1`, [admin.id]);
    const crab = await eve.bringAgent(roomId);
    const [hers, his] = await Promise.all([lineOf(ann.connect()), lineOf(bob.connect())]);

    const overheard: string[] = [];
    const bystanders = [await eve.connect(), await admin.connect(), await connect(server.url, '/agents', crab.token)];
    for (const socket of bystanders) {
      sockets.push(socket);
      socket.onAny((...pushed: unknown[]) => overheard.push(JSON.stringify(pushed)));
    }
    await Promise.all(
      [bystanders[0]!, bystanders[2]!, his.socket].map((socket) => accepted(socket, 'join_room', { roomId })),
    );
    const watching = new WebSocket(`${server.url.replace('http', 'ws')}/spectate/${roomId}`);
    watching.addEventListener('message', ({ data }) => overheard.push(String(data)));
    await new Promise((resolve) => watching.addEventListener('open', resolve, { once: true }));

    const clientMessageId = randomUUID();
    const { id: messageId } = await accepted(hers.socket, 'direct_message', {
      roomId,
      toMemberId: bob.id,
      message: canary,
      clientMessageId,
    });
    await accepted(hers.socket, 'edit_direct_message', {
      roomId,
      messageId,
      message: `${canary} indeed`,
      commandId: randomUUID(),
    });
    await accepted(hers.socket, 'chat_message', { roomId, message: 'in public' });
    await eventually(() => his.heard.length === 2);
    await eventually(() => overheard.filter((text) => text.includes('in public')).length >= 3);
    await eventually(async () => (await bob.request<Badges>('GET', '/api/me/badges')).notifications === 1);

    // Every route that can be asked with what these callers know, by everybody but the two.
    const { paths } = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const routes = Object.entries(paths).flatMap(([path, methods]) => ('get' in methods ? [path] : []));
    const fill = (path: string, memberId: string): string =>
      path
        .replace('{memberId}', memberId)
        .replace('{messageId}', messageId)
        .replace('{userId}', memberId)
        .replace('{id}', path.startsWith('/api/rooms') ? roomId : memberId)
        .replaceAll(/\{\w+\}/g, messageId);
    const addresses = new Set(
      routes.flatMap((path) =>
        [ann.id, bob.id].flatMap((id) => ['', `?q=${canary}`, '?limit=100'].map((query) => fill(path, id) + query)),
      ),
    );
    expect(addresses.size).toBeGreaterThan(60);
    for (const token of [eve.token, admin.token, crab.token, undefined]) {
      const answers = await Promise.all(
        [...addresses].map(async (address) => {
          const response = await fetch(server.url + address, {
            redirect: 'manual',
            ...(token && { headers: { authorization: `Bearer ${token}` } }),
          });
          return `${address}: ${await response.text()}`;
        }),
      );
      // The question itself may be repeated in an answer; what was said goes on with another word.
      expect(answers.filter((answer) => answer.includes(`${canary} indeed`))).toEqual([]);
    }
    expect(overheard.filter((text) => text.includes(canary))).toEqual([]);
    expect(await holdersOf(canary)).toEqual(['direct_messages']);

    await accepted(hers.socket, 'delete_direct_message', { roomId, messageId, commandId: randomUUID() });
    expect(await holdersOf(canary)).toEqual([]);
    expect((await page(bob, ann.id)).messages).toMatchObject([
      { message: '', deletedAt: expect.any(String) as string },
    ]);
    // A repeat of what was said first is answered by what is left of it.
    expect(
      await accepted(hers.socket, 'direct_message', { roomId, toMemberId: bob.id, message: canary, clientMessageId }),
    ).toMatchObject({ id: messageId, message: '' });
    watching.close();
  });

  /** The tables in which any row holds the text. */
  async function holdersOf(text: string): Promise<string[]> {
    const db = server.app.get(DataSource);
    const tables = await db.query<{ name: string }[]>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    const holders: string[] = [];
    for (const { name } of tables) {
      const rows: unknown[] = await db.query(`SELECT 1 FROM "${name}" AS row WHERE row::text LIKE $1 LIMIT 1`, [
        `%${text}%`,
      ]);
      if (rows.length > 0) {
        holders.push(name);
      }
    }
    return holders;
  }
});
