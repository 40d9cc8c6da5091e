import { randomUUID } from 'node:crypto';
import { MAX_REACTIONS } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, command, connect } from '../support/people.js';
import { verifyRoom } from '../support/verify-room.js';
import { RoomSnapshot } from '../../apps/api/src/rooms/index.js';
import { aRoom, refusal, type Speaker } from './chat.support.js';

let server: TestServer;
let roomId: string;
let host: Speaker;
let bob: Speaker;
let close: () => void;

const rows = <Row>(sql: string, values: unknown[]): Promise<Row[]> => server.app.get(DataSource).query(sql, values);

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

describe('Saying something', () => {
  it('answers another message and hangs in a thread, whose summary follows', async () => {
    const root = await host.say('a question');
    const reply = await bob.say('an answer', { replyTo: root.id });
    expect(reply).toMatchObject({ replyTo: root.id, threadId: null });
    await bob.say('one', { threadId: root.id });
    const last = await host.say('two', { threadId: root.id, replyTo: reply.id });
    const { messages } = await host.messages();
    expect(messages.find(({ id }) => id === root.id)?.thread).toEqual({ replies: 2, lastReplyAt: last.timestamp });
    expect((await host.messages(`?threadId=${root.id}`)).messages.map(({ message }) => message)).toEqual([
      'a question',
      'one',
      'two',
    ]);
  });

  it('refuses a place that is not there, not of this room, in a thread itself, or gone', async () => {
    const elsewhere = await aRoom(server.url, 0);
    const foreign = await elsewhere.speakers[0]!.say('not yours');
    elsewhere.close();
    expect(await refusal(host.say('x', { replyTo: randomUUID() }))).toBe('not_found');
    expect(await refusal(host.say('x', { replyTo: foreign.id }))).toBe('not_found');
    expect(await refusal(host.say('x', { threadId: foreign.id }))).toBe('not_found');
    const root = await host.say('root');
    const inThread = await host.say('in it', { threadId: root.id });
    expect(await command(host.socket, 'chat_message', { roomId, message: 'x', threadId: inThread.id })).toMatchObject({
      ok: false,
      error: { code: 'invalid_input', errors: [{ path: 'threadId' }] },
    });
    await host.delete(root.id);
    expect(await refusal(host.say('x', { threadId: root.id }))).toBe('message_deleted');
    expect(await refusal(host.say('x', { replyTo: root.id }))).toBe('message_deleted');
  });

  it('keeps a row for every member whom it addresses', async () => {
    const { agent } = await host.person.bringAgent(roomId);
    const plain = await bob.say('nothing special');
    const named = await bob.say(`@${host.person.name} and @nobody-here`);
    const all = await bob.say('lunch, @here?');
    expect(named).toMatchObject({ mentions: [host.person.name], mentionsHere: false });
    expect(all).toMatchObject({ mentions: [], mentionsHere: true });
    const mentioned = await rows<{ member_id: string; message_id: string }>(
      'SELECT member_id, message_id FROM message_mentions WHERE room_id = $1',
      [roomId],
    );
    const of = (id: string) => mentioned.filter(({ message_id }) => message_id === id).map((row) => row.member_id);
    expect(of(plain.id)).toEqual([]);
    expect(of(named.id)).toEqual([host.id]);
    expect(of(all.id).sort()).toEqual([host.id, agent.id].sort());
  });

  it('announces only what somebody has to be told of', async () => {
    const announced = async (message: string, more: object = {}) => {
      const count = async () => {
        const [row] = await rows<{ last_value: string }>('SELECT last_value FROM outbox_id_seq', []);
        return Number(row?.last_value);
      };
      const before = await count();
      const { id } = await host.say(message, more);
      return { id, events: (await count()) - before };
    };
    const plain = await announced('nothing special, @nobody-here');
    expect(plain.events).toBe(0);
    expect((await announced(`@${bob.person.name}, look`)).events).toBe(1);
    expect((await announced('look, @here')).events).toBe(1);
    expect((await announced('an answer', { replyTo: plain.id })).events).toBe(1);
    expect((await announced('in a thread', { threadId: plain.id })).events).toBe(1);
  });

  it.each(['/shrugg', '/kick bob', '/help', ' /HELP me'])('never stores the slash command %j', async (text) => {
    const said = await host.say('said');
    expect(await refusal(host.say(text))).toBe('unknown_slash_command');
    expect(await refusal(host.edit(said.id, text))).toBe('unknown_slash_command');
    expect((await host.messages()).messages.map(({ message }) => message)).toEqual(['said']);
  });

  it('stores what only looks like one', async () => {
    const ids = [await host.say('//help me'), await host.say('/usr/bin/env'), await host.say('// a comment')];
    expect(ids.map(({ message }) => message)).toEqual(['/help me', '/usr/bin/env', '// a comment']);
    const key = randomUUID();
    const first = await host.say('//once', { clientMessageId: key });
    expect((await host.say('//once', { clientMessageId: key })).id).toBe(first.id);
  });

  it('counts characters, not bytes, and refuses what cannot be stored by naming the field', async () => {
    expect((await host.say('😀'.repeat(4000))).message).toHaveLength(8000);
    for (const text of ['😀'.repeat(4001), 'a'.repeat(4001), 'half \ud83d', 'nul \u0000', ' \n ']) {
      expect(await command(host.socket, 'chat_message', { roomId, message: text })).toMatchObject({
        ok: false,
        error: { code: 'invalid_input', errors: [{ path: 'message' }] },
      });
    }
  });

  it('makes members wait in slow mode, but neither those who moderate nor agents', async () => {
    const { token } = await host.person.bringAgent(roomId);
    const agent = await connect(server.url, '/agents', token);
    await host.person.request('PUT', `/api/rooms/${roomId}`, { settings: { slowModeSeconds: 30 } });
    await bob.say('first');
    const second = await command(bob.socket, 'chat_message', { roomId, message: 'second' });
    expect(second).toMatchObject({ ok: false, error: { code: 'slow_mode' } });
    const wait = second.ok ? 0 : (second.error.retryAfter ?? 0);
    expect(wait).toBeGreaterThan(25_000);
    expect(wait).toBeLessThanOrEqual(30_000);
    for (const text of ['one', 'two']) {
      await host.say(text);
      await accepted(agent, 'chat_message', { roomId, message: text });
    }
    // A deletion does not give the time back.
    await bob.delete((await bob.messages()).messages[0]!.id);
    expect(await refusal(bob.say('again'))).toBe('slow_mode');
    agent.close();
  });
});

describe('Changing what was said', () => {
  it('lets its author edit a message, and keeps what it said', async () => {
    const message = await bob.say(`hello @${host.person.name}`);
    const edited = await bob.edit(message.id, 'hello all');
    expect(edited).toMatchObject({ id: message.id, seq: message.seq, message: 'hello all', mentions: [] });
    expect(edited.editedAt).not.toBeNull();
    await bob.edit(message.id, 'hello world');
    const { versions } = await host.person.request<{ versions: { message: string }[] }>(
      'GET',
      `/api/rooms/${roomId}/messages/${message.id}/history`,
    );
    expect(versions.map((version) => version.message)).toEqual([
      `hello @${host.person.name}`,
      'hello all',
      'hello world',
    ]);
    expect(await rows('SELECT 1 FROM message_mentions WHERE message_id = $1', [message.id])).toEqual([]);
    expect(await refusal(host.edit(message.id, 'not mine'))).toBe('forbidden');
  });

  it('lets a message be changed a hundred times', async () => {
    const { id } = await bob.say('number 0');
    for (let number = 1; number <= 100; number++) {
      await bob.edit(id, `number ${number}`);
    }
    expect(await refusal(bob.edit(id, 'number 101'))).toBe('quota_exceeded');
    await bob.delete(id);
    expect(
      await rows(`SELECT 1 FROM room_events WHERE room_id = $1 AND payload::text LIKE '%number%'`, [roomId]),
    ).toEqual([]);
  });

  it('does nothing for the same text', async () => {
    const message = await bob.say('as it is');
    const { seq } = await server.app.get(RoomSnapshot, { strict: false }).read(roomId);
    expect(await bob.edit(message.id, 'as it is')).toEqual(message);
    expect((await server.app.get(RoomSnapshot, { strict: false }).read(roomId)).seq).toBe(seq);
  });

  it('lets its author and those who moderate delete a message, once, leaving an empty place', async () => {
    const [first, second] = [await bob.say('mine'), await host.say('the host’s')];
    expect(await refusal(bob.delete(second.id))).toBe('forbidden');
    const deleted = await host.delete(first.id);
    expect(deleted).toMatchObject({ id: first.id, seq: first.seq, message: '', author: first.author });
    expect(await refusal(host.delete(first.id))).toBe('message_deleted');
    for (const change of [
      bob.edit(first.id, 'back'),
      bob.react(first.id, '👍'),
      bob.pin(first.id),
      bob.say('x', { replyTo: first.id }),
    ]) {
      expect(await refusal(change)).toBe('message_deleted');
    }
    const audit = await rows<{ action: string; target: string }>(
      `SELECT action, target FROM audit_entries WHERE room_id = $1 AND action = 'message.deleted'`,
      [roomId],
    );
    expect(audit).toEqual([{ action: 'message.deleted', target: bob.person.name }]);
    await bob.delete((await bob.say('my own')).id);
    expect(
      await rows(`SELECT 1 FROM audit_entries WHERE room_id = $1 AND action = 'message.deleted'`, [roomId]),
    ).toHaveLength(1);
  });

  it('lets agents delete their own messages only', async () => {
    const { token } = await host.person.bringAgent(roomId);
    const agent = await connect(server.url, '/agents', token);
    const own = await accepted(agent, 'chat_message', { roomId, message: 'mine' });
    const other = await bob.say('not mine');
    expect(await refusal(accepted(agent, 'delete_message', { roomId, messageId: other.id }))).toBe('forbidden');
    await accepted(agent, 'delete_message', { roomId, messageId: own.id });
    agent.close();
  });

  it('lets somebody who is muted take back what they said, and nothing else', async () => {
    const message = await bob.say('too loud');
    await host.person.request('PUT', `/api/rooms/${roomId}/members/${bob.id}/mute`, { minutes: 10 });
    expect(await refusal(bob.edit(message.id, 'quiet'))).toBe('muted');
    expect(await refusal(bob.react(message.id, '👍'))).toBe('muted');
    expect(await refusal(bob.pin(message.id))).toBe('muted');
    expect((await bob.delete(message.id)).message).toBe('');
  });

  it('answers a repeat with the message as it stands, also after its deletion', async () => {
    const message = await bob.say('once');
    const edit = { roomId, messageId: message.id, message: 'twice', commandId: randomUUID() };
    const first = await accepted(bob.socket, 'edit_message', edit);
    expect(await accepted(bob.socket, 'edit_message', edit)).toEqual(first);
    await bob.delete(message.id);
    expect((await accepted(bob.socket, 'edit_message', edit)).message).toBe('');
  });

  it('answers by emoji once for each member, and takes it back', async () => {
    const message = await host.say('good news');
    await bob.react(message.id, '🎉');
    await bob.react(message.id, '🎉');
    await host.react(message.id, '👍🏽');
    expect((await host.react(message.id, '🎉')).reactions).toEqual([
      { emoji: '🎉', memberIds: [bob.id, host.id] },
      { emoji: '👍🏽', memberIds: [host.id] },
    ]);
    await bob.react(message.id, '🎉', false);
    expect((await bob.react(message.id, '🎉', false)).reactions).toEqual([
      { emoji: '👍🏽', memberIds: [host.id] },
      { emoji: '🎉', memberIds: [host.id] },
    ]);
    expect(await refusal(bob.react(message.id, 'ok'))).toBe('invalid_input');
    expect(await refusal(bob.react(message.id, '👍👍'))).toBe('invalid_input');
  });

  it('bounds how many different reactions a message has', async () => {
    const message = await host.say('popular');
    const emoji = [...'😀😁😂😃😄😅😆😇😈😉😊😋😌😍😎😏😐😑😒😓'];
    expect(emoji).toHaveLength(MAX_REACTIONS);
    for (const one of emoji) {
      await host.react(message.id, one);
    }
    expect(await refusal(bob.react(message.id, '🦀'))).toBe('too_many_reactions');
    expect((await bob.react(message.id, '😀')).reactions[0]?.memberIds).toEqual([host.id, bob.id]);
  });

  it('pins a message for everybody, at most fifty', async () => {
    const said = await Promise.all(Array.from({ length: 51 }, (_, index) => host.say(`number ${index}`)));
    for (const { id } of said.slice(0, 50)) {
      await bob.pin(id);
    }
    expect(await refusal(bob.pin(said[50]!.id))).toBe('quota_exceeded');
    expect((await bob.pin(said[0]!.id)).pinnedAt).not.toBeNull();
    await bob.pin(said[0]!.id, false);
    await bob.pin(said[50]!.id);
    const { messages } = await host.messages('?pinned=true&limit=200');
    expect(messages.map(({ id }) => id).sort()).toEqual(
      said
        .slice(1)
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('comes out of fifty reactions at once with exactly those of the twenty who reacted', async () => {
    const crowd = await aRoom(server.url, 19);
    const born = await server.app.get(RoomSnapshot, { strict: false }).read(crowd.roomId);
    const [first] = crowd.speakers;
    const message = await first!.say('react!');
    const emoji = ['👍', '🎉', '❤️', '🚀', '👀'];
    // Each of the twenty gives two of them; ten more only say again what is so already.
    const wanted = (index: number) => emoji[(Math.floor(index / 20) + (index % 3)) % emoji.length]!;
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => crowd.speakers[index % 20]!.react(message.id, wanted(index % 40))),
    );
    const expected = new Map<string, Set<string>>();
    for (let index = 0; index < 40; index++) {
      const one = wanted(index);
      expected.set(one, (expected.get(one) ?? new Set()).add(crowd.speakers[index % 20]!.id));
    }
    const { messages } = await first!.messages();
    const found = new Map(messages[0]!.reactions.map((one) => [one.emoji, one.memberIds]));
    expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [one, ids] of expected) {
      expect([...(found.get(one) ?? [])].sort()).toEqual([...ids].sort());
    }
    await verifyRoom(server, born);
    crowd.close();
  });
});

describe('Reading', () => {
  it('pages exactly, in every direction', async () => {
    const said = await Promise.all(Array.from({ length: 9 }, (_, index) => host.say(`message ${index}`)));
    const seqs = said.map(({ seq }) => seq).sort((a, b) => a - b);
    const page = async (query: string) => {
      const { messages, hasMore, hasNewer } = await bob.messages(query);
      return [messages.map(({ seq }) => seqs.indexOf(seq)), hasMore, hasNewer];
    };
    expect(await page('?limit=4')).toEqual([[5, 6, 7, 8], true, false]);
    expect(await page(`?limit=4&before=${seqs[4]}`)).toEqual([[0, 1, 2, 3], false, true]);
    expect(await page(`?limit=3&after=${seqs[4]}`)).toEqual([[5, 6, 7], true, true]);
    expect(await page(`?limit=4&after=${seqs[4]}`)).toEqual([[5, 6, 7, 8], true, false]);
    expect(await page(`?limit=3&around=${seqs[4]}`)).toEqual([[3, 4, 5], true, true]);
    expect(await page('?limit=9')).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8], false, false]);
  });

  it('gives one message to members, and to strangers the same answer as none', async () => {
    const message = await host.say('for us');
    const path = `/api/rooms/${roomId}/messages/${message.id}`;
    expect(await bob.person.request('GET', path)).toEqual(message);
    const elsewhere = await aRoom(server.url, 0);
    const [stranger] = elsewhere.speakers;
    expect(await refusal(stranger!.person.request('GET', path))).toBe('not_found');
    expect(await refusal(stranger!.person.request('GET', `${path}/history`))).toBe('not_found');
    expect(
      await refusal(stranger!.person.request('GET', `/api/rooms/${elsewhere.roomId}/messages/${message.id}`)),
    ).toBe('not_found');
    elsewhere.close();
  });
});
