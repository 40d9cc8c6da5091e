import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import type {
  ChatMessage,
  SpectatorChatAccepted,
  SpectatorMessagePage,
  SpectatorMessageView,
} from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import type { Bus } from '../../apps/api/src/platform/bus/bus.js';
import { SpectatorChatFeed } from '../../apps/api/src/spectators/chat/spectator-chat.feed.js';
import { SpectatorChatStore } from '../../apps/api/src/spectators/chat/spectator-chat.store.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { accepted, command, connect, eventually, Person, type RoomSocket } from '../support/people.js';
import { describeWithRedis } from '../support/redis.js';
import { PlainSpectator, SocketIoSpectator, type TestSpectator, TRANSPORTS } from './spectators.support.js';

const WITHIN_TWO_SECONDS = 2000;
/** Each test comes from an address of its own. */
let tests = 0;

describe('The spectators’ chat', () => {
  let server: TestServer;
  let host: Person;
  const open: TestSpectator[] = [];
  const sockets: RoomSocket[] = [];

  beforeAll(async () => {
    server = await startTestServer();
    host = await Person.register(server.url);
  });
  afterEach(async () => {
    sockets.splice(0).forEach((socket) => socket.close());
    await Promise.all(open.splice(0).map(async (spectator) => spectator.closed ?? spectator.leave()));
  });
  afterAll(() => server.close());

  let address = '';
  beforeEach(() => (address = `203.0.113.${++tests}`));

  const aRoom = (settings = {}) => host.createRoom({ visibility: 'public', settings });
  const sql = <Row>(text: string, values: unknown[] = []) => server.app.get(DataSource).query<Row[]>(text, values);
  const watch = async (roomId: string, start: ConstructorParameters<typeof PlainSpectator>[2] = {}) => {
    const spectator = new PlainSpectator(server.url, roomId, start, { 'x-forwarded-for': address });
    open.push(spectator);
    await spectator.chat(start.auth_token || start.spectator_token ? 2 : 1);
    return spectator;
  };
  const joined = async (person: Person, roomId: string) => {
    const socket = await person.connect();
    sockets.push(socket);
    const told: SpectatorMessageView[] = [];
    socket.on('spectator_chat', ({ messages }) => told.push(...messages));
    await accepted(socket, 'join_room', { roomId });
    return { socket, told };
  };

  it.each(TRANSPORTS)('goes to everybody who watches over %s, as the specification writes it', async (_, connectTo) => {
    const room = await aRoom();
    const [ann, bob] = [connectTo(server.url, room.id), connectTo(server.url, room.id)];
    open.push(ann, bob);
    const [chat] = await Promise.all([ann.chat(), bob.chat()]);
    expect(chat).toEqual({
      room_id: room.id,
      enabled: true,
      slow_mode_seconds: 0,
      max_message_length: 500,
      max_name_length: 32,
      display_name: null,
      muted_until: null,
      recovered: false,
      revision: 0,
      messages: [],
      deleted: [],
    });
    const { spectator_id } = await ann.welcome();

    const sent = {
      room_id: room.id,
      spectator_id: 'somebody_else',
      display_name: 'Ann Onymous',
      message: 'This is really cool! How does the agent know to use Click?',
      timestamp: '2026-02-17T21:05:00Z',
      reply_to: null,
    };
    const answer = (await ann.chats(sent, 'message-0001')) as SpectatorChatAccepted;
    expect(answer).toEqual({
      room_id: room.id,
      request_id: 'message-0001',
      message_id: expect.any(String) as string,
      seq: 1,
    });
    for (const reader of [ann, bob]) {
      const heard = await reader.until(() => reader.of('spectator.chat_message')[0]);
      expect(heard).toEqual({
        ...{
          room_id: room.id,
          message_id: answer.message_id,
          seq: 1,
          revision: 1,
          spectator_id,
          author_type: 'anonymous',
        },
        ...{ display_name: 'Ann Onymous', message: sent.message, reply_to: null },
        timestamp: expect.not.stringMatching(/^2026-02-17T21:05/) as string,
      });
    }
    const reply = (await bob.chats({
      message: 'It reads the task',
      reply_to: answer.message_id,
    })) as SpectatorChatAccepted;
    const last = await ann.until(() => ann.of('spectator.chat_message').find(({ seq }) => seq === reply.seq));
    expect(last).toMatchObject({
      reply_to: answer.message_id,
      display_name: expect.stringMatching(/^Viewer \w{6}$/) as string,
    });
  });

  it('stores what is sent again once, also when both arrive together and after coming back', async () => {
    const room = await aRoom();
    const ann = await watch(room.id);
    const { spectator_token } = await ann.welcome();
    const id = randomUUID();
    const twin = await watch(room.id, { spectator_token });
    const answers = await Promise.all([ann.chats({ message: 'once' }, id), twin.chats({ message: 'once' }, id)]);
    await ann.leave();
    const again = await watch(room.id, { spectator_token });
    answers.push(await again.chats({ message: 'once' }, id));
    expect(new Set(answers.map((answer) => (answer as SpectatorChatAccepted).message_id)).size).toBe(1);
    expect(await sql(`SELECT 1 FROM spectator_messages WHERE room_id = $1`, [room.id])).toHaveLength(1);
    const [stranger, forger] = [await watch(room.id), await watch(room.id)];
    expect(await stranger.chats({ message: 'mine' }, id)).not.toMatchObject({
      message_id: (answers[0] as SpectatorChatAccepted).message_id,
    });
    forger.say('spectator.connect', { spectator_token: `${spectator_token.split('.')[0]}.forged` });
    expect(await forger.error()).toMatchObject({
      code: 'INVALID_MESSAGE',
      message: expect.stringContaining('spectator_token') as string,
    });
  });

  it('has one order without gaps, whoever races', async () => {
    const room = await aRoom();
    const crowd = await Promise.all(Array.from({ length: 8 }, () => watch(room.id)));
    const answers = await Promise.all(
      crowd.flatMap((one) => [1, 2, 3].map((n) => one.chats({ message: `word ${n}` }))),
    );
    const seqs = answers.map((answer) => (answer as SpectatorChatAccepted).seq).sort((a, b) => a - b);
    expect(seqs).toEqual(Array.from({ length: 24 }, (_, index) => index + 1));
    for (const one of crowd) {
      await one.until(() => one.heard.length === 24);
      const revisions = one.of('spectator.chat_message').map(({ revision }) => revision);
      expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    }
  });

  it('tells who comes back what was said and deleted meanwhile, or all that stands', async () => {
    const room = await aRoom();
    const ann = await watch(room.id);
    const first = (await ann.chats({ message: 'first' })) as SpectatorChatAccepted;
    await ann.chats({ message: 'second' });
    const { revision } = await ann.until(() => ann.of('spectator.chat_message')[1]);
    const { socket } = await joined(host, room.id);
    await accepted(socket, 'delete_spectator_message', { roomId: room.id, spectatorMessageId: first.message_id });
    await ann.chats({ message: 'third' });

    const back = new SocketIoSpectator(server.url, room.id, { last_chat_revision: revision });
    open.push(back);
    expect(await back.chat()).toMatchObject({
      recovered: true,
      deleted: [first.message_id],
      messages: [{ message: 'third' }],
    });
    const anew = await watch(room.id);
    expect(await anew.chat()).toMatchObject({
      recovered: false,
      deleted: [],
      messages: [{ message: 'second' }, { message: 'third' }],
    });
    const ahead = new SocketIoSpectator(server.url, room.id, { last_chat_revision: 1000 });
    open.push(ahead);
    expect(await ahead.chat()).toMatchObject({ recovered: false });
  });

  it('says what is wrong with a message, and takes it when it is right', async () => {
    const room = await aRoom();
    const member = await Person.register(server.url, `mara${randomUUID().slice(0, 6)}`);
    await host.invite(room.id, member);
    const stranger = await Person.register(server.url);
    const ann = await watch(room.id);
    const wrong: [object, string, string][] = [
      [{ message: '' }, 'INVALID_MESSAGE', 'data.message'],
      [{ message: '   ' }, 'INVALID_MESSAGE', 'data.message'],
      [{ message: '🦀'.repeat(501) }, 'INVALID_MESSAGE', 'data.message'],
      [{ message: 'a\u0000b' }, 'INVALID_MESSAGE', 'data.message'],
      [{ message: '\ud800' }, 'INVALID_MESSAGE', 'data.message'],
      [{ message: 'x', reply_to: randomUUID() }, 'INVALID_MESSAGE', 'data.reply_to'],
      [{ message: 'x', display_name: member.name.toUpperCase() }, 'NAME_REFUSED', 'data.display_name'],
      [
        { message: 'x', display_name: `${member.name.slice(0, 2)}\u200b${member.name.slice(2)}` },
        'NAME_REFUSED',
        'data.display_name',
      ],
      [{ message: 'x', display_name: member.name.replace('mara', 'm4ra') }, 'NAME_REFUSED', 'data.display_name'],
      [{ message: 'x', display_name: stranger.name }, 'NAME_REFUSED', 'data.display_name'],
      [{ message: 'x', display_name: 'Mоderator' }, 'NAME_REFUSED', 'data.display_name'],
    ];
    for (const [says, code, field] of wrong) {
      expect(await ann.chats(says)).toMatchObject({
        code,
        message: expect.stringContaining(field) as string,
        permanent: false,
      });
    }
    expect(await ann.chats({ message: '🦀'.repeat(500), display_name: '\u202eAnn\u200b  B' })).toHaveProperty(
      'message_id',
    );
    const heard = await ann.until(() => ann.of('spectator.chat_message')[0]);
    expect(heard.display_name).toBe('Ann B');
    expect(ann.closed).toBeNull();
  });

  it('calls signed-in viewers and members by their names, whatever name they send', async () => {
    const room = await aRoom();
    const viewer = await Person.register(server.url);
    const signedIn = await watch(room.id, { auth_token: viewer.token });
    expect(await signedIn.chat(2)).toMatchObject({ display_name: viewer.name });
    await signedIn.chats({ message: 'hello', display_name: host.name });
    const asHost = await watch(room.id, { auth_token: host.token });
    await asHost.chats({ message: 'welcome' });
    await signedIn.until(() => signedIn.heard.length === 2);
    expect(signedIn.of('spectator.chat_message')).toMatchObject([
      { display_name: viewer.name, author_type: 'registered' },
      { display_name: host.name, author_type: 'member' },
    ]);
  });

  it('bounds what one spectator, one address and one room may say, and loses nothing of what it took', async () => {
    const room = await aRoom();
    const ann = await watch(room.id);
    const answers = [];
    for (let n = 0; n < 14; n++) {
      answers.push(await ann.chats({ message: `word ${n}` }));
    }
    const taken = answers.filter((answer) => 'message_id' in answer);
    expect(taken).toHaveLength(12);
    expect(answers.at(-1)).toMatchObject({
      code: 'RATE_LIMITED',
      retry_after: expect.any(Number) as number,
      permanent: false,
    });
    await ann.until(() => ann.heard.length === taken.length);
  });

  it('takes no more from one address, under whatever name, and as much as before from another', async () => {
    const rooms = [await aRoom(), await aRoom()];
    const crowd = await Promise.all([0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => watch(rooms[n % 2]!.id)));
    const answers = await Promise.all(
      crowd.flatMap((one) => Array.from({ length: 8 }, (_, n) => one.chats({ message: `word ${n}` }))),
    );
    expect(answers.filter((answer) => 'message_id' in answer)).toHaveLength(60);
    address = '198.51.100.7';
    const other = await watch(rooms[0]!.id);
    expect(await other.chats({ message: 'hello' })).toHaveProperty('message_id');
  });

  it('takes no more into one room at once than those who watch can be told', async () => {
    const room = await aRoom();
    const crowd = [];
    for (let n = 0; n < 8; n++) {
      address = `198.51.100.${10 + n}`;
      crowd.push(await watch(room.id));
    }
    const answers = await Promise.all(
      crowd.flatMap((one) => Array.from({ length: 8 }, (_, n) => one.chats({ message: `word ${n}` }))),
    );
    expect(answers.filter((answer) => 'message_id' in answer)).toHaveLength(50);
    expect(answers.find((answer) => 'code' in answer)).toMatchObject({ code: 'RATE_LIMITED' });
  });

  it('makes spectators wait in slow mode, also messages that race', async () => {
    const room = await aRoom({ slowModeSeconds: 60 });
    const ann = await watch(room.id);
    const { spectator_token } = await ann.welcome();
    const twins = await Promise.all([1, 2, 3, 4, 5].map(() => watch(room.id, { spectator_token })));
    const answers = await Promise.all([ann, ...twins].map((one, n) => one.chats({ message: `word ${n}` })));
    expect(answers.filter((answer) => 'message_id' in answer)).toHaveLength(1);
    expect(answers.find((answer) => 'code' in answer)).toMatchObject({
      code: 'SLOW_MODE',
      retry_after: expect.any(Number) as number,
    });
  });

  it('lets only one of two messages through in slow mode that waited for the chat together', async () => {
    const room = await aRoom({ slowModeSeconds: 60 });
    const ann = await watch(room.id);
    const { spectator_token } = await ann.welcome();
    const twin = await watch(room.id, { spectator_token });
    await sql('INSERT INTO spectator_chats (room_id) VALUES ($1)', [room.id]);
    const holder = server.app.get(DataSource).createQueryRunner();
    await holder.startTransaction();
    await holder.query('SELECT FROM spectator_chats WHERE room_id = $1 FOR UPDATE', [room.id]);
    const answers = Promise.all([ann, twin].map((one, n) => one.chats({ message: `word ${n}` })));
    await eventually(async () => {
      const waiting = await sql(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return waiting.length === 2;
    });
    await holder.commitTransaction();
    await holder.release();
    const refusals = (await answers).flatMap((answer) => ('code' in answer ? answer.code : []));
    expect(refusals).toEqual(['SLOW_MODE']);
  });

  it('is seen by members beside the log, and answered there; agents hear nothing of it', async () => {
    const room = await aRoom();
    const member = await Person.register(server.url);
    await host.invite(room.id, member);
    const { token } = await host.bringAgent(room.id);
    const agent = await connect(server.url, '/agents', token);
    sockets.push(agent);
    const pushed: string[] = [];
    agent.onAny((name: string) => pushed.push(name));
    await accepted(agent, 'join_room', { roomId: room.id });
    const { socket, told } = await joined(member, room.id);
    const ann = await watch(room.id);
    const asked = (await ann.chats({ message: 'What is this?', display_name: 'Ann' })) as SpectatorChatAccepted;
    await eventually(() => told.length === 1);
    expect(told[0]).toMatchObject({
      author: 'Ann',
      authorType: 'anonymous',
      message: 'What is this?',
      promotedAs: null,
    });

    const clientMessageId = randomUUID();
    const answer = { roomId: room.id, message: 'A tool', replyTo: asked.message_id, clientMessageId };
    const said = await accepted(socket, 'spectator_chat_message', answer);
    expect(await accepted(socket, 'spectator_chat_message', answer)).toEqual(said);
    const heard = await ann.until(() => ann.of('spectator.chat_message')[1]);
    expect(heard).toMatchObject({ display_name: member.name, author_type: 'member', reply_to: asked.message_id });
    const page = await member.request<SpectatorMessagePage>('GET', `/api/rooms/${room.id}/spectator-chat`);
    expect(page.messages.map(({ message }) => message)).toEqual(['What is this?', 'A tool']);
    const since = await member.request<SpectatorMessagePage>(
      'GET',
      `/api/rooms/${room.id}/spectator-chat?sinceRevision=${page.messages[0]!.revision}`,
    );
    expect(since.messages.map(({ message }) => message)).toEqual(['A tool']);

    expect(pushed).not.toContain('spectator_chat');
    const [logged] = await sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM room_events WHERE room_id = $1 AND payload::text LIKE '%What is this%'`,
      [room.id],
    );
    expect(logged?.n).toBe(0);
    expect(
      await command(agent, 'promote_spectator_message', { roomId: room.id, spectatorMessageId: asked.message_id }),
    ).toMatchObject({ ok: false, error: { code: 'forbidden' } });
  });

  it('is closed at once when the host switches it off or the room is archived, and is back with what stands', async () => {
    const room = await aRoom();
    const ann = await watch(room.id);
    await ann.chats({ message: 'before' });
    const change = (body: object) => host.request('PUT', `/api/rooms/${room.id}`, body);
    await change({ settings: { spectatorChat: 'off' } });
    expect(await ann.chat(2)).toMatchObject({ enabled: false, recovered: false, messages: [] });
    expect(await ann.chats({ message: 'too late' })).toMatchObject({ code: 'CHAT_CLOSED' });
    const late = await watch(room.id);
    expect(await late.chat()).toMatchObject({ enabled: false, messages: [] });
    await change({ settings: { spectatorChat: 'visible' } });
    expect(await ann.chat(3)).toMatchObject({ enabled: true, messages: [{ message: 'before' }] });
    await change({ name: 'Another name' });
    await host.request('POST', `/api/rooms/${room.id}/archive`);
    expect(await ann.chat(4)).toMatchObject({ enabled: false, messages: [] });
    expect(await ann.chats({ message: 'too late' })).toMatchObject({ code: 'CHAT_CLOSED' });
    await change({ visibility: 'private' }).catch(() => undefined);
    expect(await sql(`SELECT 1 FROM spectator_messages WHERE room_id = $1`, [room.id])).toHaveLength(1);
  });

  it('ends with the watching when the room becomes private', async () => {
    const room = await aRoom();
    const ann = await watch(room.id);
    await host.request('PUT', `/api/rooms/${room.id}`, { visibility: 'private' });
    expect(await ann.error()).toMatchObject({ code: 'ROOM_NOT_FOUND', permanent: true });
    await ann.until(() => ann.closed);
  });

  it('loses a deleted message everywhere within two seconds, with who said it and what was promoted of it', async () => {
    const room = await aRoom();
    const ann = await watch(room.id);
    const { socket, told } = await joined(host, room.id);
    const canary = `canary-${randomUUID()}`;
    const name = `Nn ${randomUUID().slice(0, 8)}`;
    const said = (await ann.chats({ message: canary, display_name: name })) as SpectatorChatAccepted;
    const named = { roomId: room.id, spectatorMessageId: said.message_id };
    const promoted = await accepted(socket, 'promote_spectator_message', named);
    await ann.until(() => ann.events.find(({ event_id }) => event_id === promoted.id));
    await accepted(socket, 'delete_spectator_message', named);
    await ann.until(() => ann.of('spectator.chat_deleted').find(({ message_id }) => message_id === said.message_id));
    await eventually(() => told.at(-1)?.deletedAt !== null && told.at(-1)?.message === '', WITHIN_TWO_SECONDS);
    await ann.until(() =>
      ann.events.find((event) => event.type === 'chat.deleted' && event.target_event_id === promoted.id),
    );
    const tables = await sql<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    for (const { name: table } of tables) {
      const [row] = await sql<{ n: number }>(
        `SELECT count(*)::int AS n FROM "${table}" one WHERE one::text LIKE $1 OR one::text LIKE $2`,
        [`%${canary}%`, `%${name}%`],
      );
      expect({ table, n: row?.n }).toEqual({ table, n: 0 });
    }
    const late = await watch(room.id);
    expect(late.raw).not.toContain(canary);
    expect(late.raw).not.toContain(name);
    expect(await command(socket, 'promote_spectator_message', named)).toMatchObject({
      ok: true,
      data: { deletedAt: expect.any(String) as string, message: '' },
    });
    const audit = await host.request<{ entries: { action: string; details: object }[] }>(
      'GET',
      `/api/rooms/${room.id}/audit`,
    );
    expect(audit.entries[0]).toMatchObject({
      action: 'spectator_message.deleted',
      details: { spectatorMessageId: said.message_id },
    });
  });

  it('silences whom a moderator mutes, by whichever connection they come, and nobody with an account behind the same address', async () => {
    const room = await aRoom();
    const [ann, viewer] = [await watch(room.id), await Person.register(server.url)];
    const said = (await ann.chats({ message: 'spam' })) as SpectatorChatAccepted;
    const { socket } = await joined(host, room.id);
    const mute = { roomId: room.id, spectatorMessageId: said.message_id, minutes: 10 };
    await accepted(socket, 'mute_spectator', mute);
    const told = await ann.until(() => ann.of('spectator.chat').find(({ muted_until }) => muted_until !== null));
    expect(told.enabled).toBe(true);
    expect(await ann.chats({ message: 'more spam' })).toMatchObject({
      code: 'MUTED',
      retry_after: expect.any(Number) as number,
    });
    const { spectator_token } = await ann.welcome();
    const again = await watch(room.id, { spectator_token });
    expect(await again.chats({ message: 'more spam' })).toMatchObject({ code: 'MUTED' });
    const asSomebodyElse = await watch(room.id);
    expect(await asSomebodyElse.chats({ message: 'more spam' })).toMatchObject({ code: 'MUTED' });
    const registered = await watch(room.id, { auth_token: viewer.token });
    expect(await registered.chats({ message: 'not me' })).toHaveProperty('message_id');
    const elsewhere = await watch((await aRoom()).id, { spectator_token });
    expect(await elsewhere.chats({ message: 'here I may' })).toHaveProperty('message_id');

    await accepted(socket, 'mute_spectator', { ...mute, minutes: 0 });
    await ann.until(() => ann.of('spectator.chat').at(-1)?.muted_until === null);
    expect(await ann.chats({ message: 'sorry' })).toHaveProperty('message_id');
    const audit = await host.request<{ entries: { action: string }[] }>('GET', `/api/rooms/${room.id}/audit`);
    expect(audit.entries.slice(0, 2).map(({ action }) => action)).toEqual(['spectator.unmuted', 'spectator.muted']);
  });

  it('hears nothing from whom the room itself has muted', async () => {
    const room = await aRoom();
    const member = await Person.register(server.url);
    await host.invite(room.id, member);
    const asViewer = await watch(room.id, { auth_token: member.token });
    await host.request('PUT', `/api/rooms/${room.id}/members/${member.id}/mute`, { minutes: 5 });
    expect(await asViewer.chats({ message: 'by the other door' })).toMatchObject({ code: 'MUTED' });
  });

  it('keeps no address, and after a day nothing that stands for one', async () => {
    const room = await aRoom();
    const ann = await watch(room.id);
    await ann.chats({ message: 'hello' });
    const kept = await sql<{ all: string; origin: string | null }>(
      `SELECT m::text AS all, origin FROM spectator_messages m WHERE room_id = $1`,
      [room.id],
    );
    expect(kept[0]?.all).not.toContain(address);
    expect(kept[0]?.origin).toMatch(/^[\w-]{32}$/);
    await server.app.get(SpectatorChatStore, { strict: false }).forgetOrigins(new Date(Date.now() + 1000), new Date());
    expect(
      await sql(`SELECT 1 FROM spectator_messages WHERE room_id = $1 AND origin IS NOT NULL`, [room.id]),
    ).toHaveLength(0);
  });

  describe('of which a member promotes a message', () => {
    it('brings it into the room once, however many click at once, as the spectator’s words', async () => {
      const room = await aRoom();
      const people = [host, ...(await Promise.all([1, 2, 3].map(() => Person.register(server.url))))];
      await Promise.all(people.slice(1).map((person) => host.invite(room.id, person)));
      const lines = await Promise.all(people.map((person) => joined(person, room.id)));
      const ann = await watch(room.id);
      const said = (await ann.chats({
        message: 'Try Click @everyone /task now',
        display_name: 'Ann',
      })) as SpectatorChatAccepted;
      const named = { roomId: room.id, spectatorMessageId: said.message_id };
      const promoted = await Promise.all(
        [...lines, ...lines].map(({ socket }) =>
          accepted(socket, 'promote_spectator_message', { ...named, commandId: randomUUID() }),
        ),
      );
      expect(new Set(promoted.map(({ id }) => id)).size).toBe(1);
      const [message] = promoted as [ChatMessage];
      expect(message).toMatchObject({
        author: { type: 'spectator', id: null, name: 'Ann' },
        message: 'Try Click @everyone /task now',
        promotedBy: { type: 'human', name: expect.any(String) as string },
        spectatorMessageId: said.message_id,
        ...{ trust: 'spectator', mentions: [], mentionsHere: false, replyTo: null },
      });
      const shown = await ann.until(() => ann.events.find(({ event_id }) => event_id === message.id));
      expect(shown).toMatchObject({
        type: 'chat.public',
        author: 'Ann',
        author_type: 'spectator',
        promoted_by: message.promotedBy?.name,
        content: message.message,
      });
      expect(await host.request('GET', `/api/rooms/${room.id}/messages/${message.id}`)).toEqual(message);
      const page = await host.request<SpectatorMessagePage>('GET', `/api/rooms/${room.id}/spectator-chat`);
      expect(page.messages[0]?.promotedAs).toBe(message.id);
    });

    it('lets its promoter and those who moderate take it back, and nobody change its words', async () => {
      const room = await aRoom();
      const [promoter, other] = [await Person.register(server.url), await Person.register(server.url)];
      await Promise.all([host.invite(room.id, promoter), host.invite(room.id, other)]);
      const [own, others] = [(await joined(promoter, room.id)).socket, (await joined(other, room.id)).socket];
      const ann = await watch(room.id);
      const said = (await ann.chats({ message: 'words' })) as SpectatorChatAccepted;
      const { id: messageId } = await accepted(own, 'promote_spectator_message', {
        roomId: room.id,
        spectatorMessageId: said.message_id,
      });
      expect(await command(own, 'edit_message', { roomId: room.id, messageId, message: 'mine' })).toMatchObject({
        error: { code: 'forbidden' },
      });
      expect(await command(others, 'delete_message', { roomId: room.id, messageId })).toMatchObject({
        error: { code: 'forbidden' },
      });
      expect(await accepted(own, 'delete_message', { roomId: room.id, messageId })).toMatchObject({
        message: '',
        author: { name: '' },
      });
      expect(await host.request('GET', `/api/rooms/${room.id}/messages/${messageId}`)).toMatchObject({
        message: '',
        author: { type: 'spectator', name: '' },
      });
    });
  });
});

describeWithRedis('The spectators’ chat on two processes', (redis) => {
  let database: TestDatabase;
  let left: TestServer;
  let right: TestServer;

  beforeAll(async () => {
    database = await createTestDatabase();
    left = await startTestServer({ database, redis });
    right = await startTestServer({ database, redis });
  });
  afterAll(async () => {
    await Promise.all([left.close(), right.close()]);
    await database.drop();
  });

  it('is one: what is said, deleted and decided here is there at once', async () => {
    const host = await Person.register(left.url);
    const room = await host.createRoom({ visibility: 'public' });
    const [ann, bob] = [new PlainSpectator(left.url, room.id), new SocketIoSpectator(right.url, room.id)];
    await Promise.all([ann.chat(), bob.chat()]);
    const socket = await host.at(right.url).connect();
    const told: SpectatorMessageView[] = [];
    socket.on('spectator_chat', ({ messages }) => told.push(...messages));
    await accepted(socket, 'join_room', { roomId: room.id });
    const answers = await Promise.all(
      [1, 2, 3, 4].flatMap((n) => [ann.chats({ message: `left ${n}` }), bob.chats({ message: `right ${n}` })]),
    );
    const seqs = answers.map((answer) => (answer as SpectatorChatAccepted).seq).sort((a, b) => a - b);
    expect(seqs).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const one of [ann, bob]) {
      await one.until(() => one.heard.length === 8);
      expect(one.of('spectator.chat_message').map(({ seq }) => seq)).toEqual(seqs);
    }
    await eventually(() => told.length === 8);
    const { message_id: spectatorMessageId } = answers[0] as SpectatorChatAccepted;
    await accepted(socket, 'delete_spectator_message', { roomId: room.id, spectatorMessageId });
    await ann.until(() => ann.of('spectator.chat_deleted')[0]);
    await accepted(socket, 'mute_spectator', {
      roomId: room.id,
      spectatorMessageId: (answers[2] as SpectatorChatAccepted).message_id,
      minutes: 5,
    });
    await ann.until(() => ann.of('spectator.chat').at(-1)?.muted_until);
    await host.request('PUT', `/api/rooms/${room.id}`, { settings: { spectatorChat: 'off' } });
    await bob.until(() => bob.of('spectator.chat').at(-1)?.enabled === false);
    socket.close();
    await Promise.all([ann.leave(), bob.leave()]);
  });

  it('leaves nobody behind when the news of a message is lost', async () => {
    const host = await Person.register(left.url);
    const room = await host.createRoom({ visibility: 'public' });
    const [ann, bob] = [new PlainSpectator(left.url, room.id), new PlainSpectator(right.url, room.id)];
    await Promise.all([ann.chat(), bob.chat()]);
    const bus = left.app.get<{ bus: Bus }>(SpectatorChatFeed, { strict: false }).bus;
    const lost = jest.spyOn(bus, 'publishToOthers').mockImplementation(() => Promise.resolve());
    await ann.chats({ message: 'unheard' });
    lost.mockRestore();
    await bob.until(() => bob.heard.includes('unheard')); // the sweep finds it
    await Promise.all([ann.leave(), bob.leave()]);
  }, 20_000);
});
