import { randomUUID } from 'node:crypto';
import {
  type CreateRoom,
  type PublicEvent,
  SPECTATOR_CLOSE_CODES,
  SPECTATOR_MESSAGES,
  SpectatorEnvelope,
  type UpdateRoom,
} from '@clawtank/contracts';
import { Connections } from '../../apps/api/src/platform/sockets/connections.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { PlainSpectator, SocketIoSpectator, type Start, type TestSpectator, TRANSPORTS } from './spectators.support.js';
import { accepted, Person } from '../support/people.js';
import { aMessage, append } from './room-log.support.js';

let server: TestServer;
let host: Person;
const watching: TestSpectator[] = [];

beforeAll(async () => {
  server = await startTestServer();
  host = await Person.register(server.url);
});

afterAll(async () => {
  await Promise.all(watching.filter(({ closed }) => !closed).map((spectator) => spectator.leave()));
  await server.close();
});

const aRoom = (request: Partial<CreateRoom> = {}) => host.createRoom({ visibility: 'public', ...request });
const say = (roomId: string, text: string) => append(server, roomId, aMessage(text));
const change = (roomId: string, changed: UpdateRoom) => host.request('PUT', `/api/rooms/${roomId}`, changed);

async function createTask(roomId: string, description: string): Promise<void> {
  const socket = await host.connect();
  await accepted(socket, 'create_task', { roomId, description });
  socket.disconnect();
}

const contents = (events: readonly PublicEvent[]) =>
  events.map((event) => (event.type === 'chat.public' ? event.content : event.type));
const places = (events: readonly PublicEvent[]) => events.map(({ public_seq }) => public_seq);
const count = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe.each(TRANSPORTS)('A spectator over %s', (_, connect) => {
  const watch = (roomId: string, start: Start = {}): TestSpectator => {
    const spectator = connect(server.url, roomId, start);
    watching.push(spectator);
    return spectator;
  };

  it('is welcomed at once with what the public sees of the room', async () => {
    const room = await aRoom({ name: 'Open tank', description: 'Come and see' });
    await say(room.id, 'Hello, write to bob@example.com');
    const welcome = await watch(room.id).welcome();

    expect(welcome).toMatchObject({
      room_info: { id: room.id, name: 'Open tank', description: 'Come and see' },
      recovered: false,
      public_seq: 2,
      presence: { room_id: room.id, total_spectators: 1, anonymous_count: 1, registered_count: 0 },
    });
    expect(welcome.current_state?.members).toEqual([
      { id: host.id, name: host.name, type: 'human', status: 'offline', owner: null },
    ]);
    expect(contents(welcome.current_state?.recent_activity ?? [])).toEqual([
      'member.joined',
      'Hello, write to [e-mail]',
    ]);
  });

  it('hears everything that happens in public, in order and without gaps', async () => {
    const room = await aRoom();
    const spectator = watch(room.id);
    const { public_seq } = await spectator.welcome();
    for (let number = 0; number < 20; number++) {
      await append(server, room.id, aMessage(`public ${number}`), aMessage(`members ${number}`, 'members'));
    }
    const events = await spectator.eventsUpTo(public_seq + 20);
    expect(contents(events)).toEqual(count(0, 19).map((number) => `public ${number}`));
    expect(places(events)).toEqual(count(public_seq + 1, public_seq + 20));
  });

  it('gets only messages that the contract describes, in the specification’s envelope', async () => {
    const room = await aRoom();
    const spectator = watch(room.id);
    const { public_seq } = await spectator.welcome();
    await say(room.id, 'Something');
    await spectator.eventsUpTo(public_seq + 1);
    spectator.say('spectator.dance', {});
    await spectator.error();
    for (const message of spectator.messages) {
      expect(SpectatorEnvelope.parse(message)).toEqual(message);
      const schema = SPECTATOR_MESSAGES[message.type as keyof typeof SPECTATOR_MESSAGES];
      expect(schema.parse(message.data)).toEqual(message.data);
    }
  });

  it('misses nothing and hears nothing twice when arriving in the middle of a busy conversation', async () => {
    const room = await aRoom();
    let isTalking = true;
    const talking = (async () => {
      for (let number = 0; isTalking; number++) {
        await append(server, room.id, aMessage(`m${number}`), aMessage('secret', 'members'));
      }
    })();
    const spectators: TestSpectator[] = [];
    for (let index = 0; index < 12; index++) {
      const spectator = watch(room.id);
      spectators.push(spectator);
      await spectator.welcome();
    }
    isTalking = false;
    await talking;
    const head = await say(room.id, 'The end');
    for (const spectator of spectators) {
      const events = await spectator.eventsUpTo(head);
      const { public_seq, current_state } = await spectator.welcome();
      expect(places(events)).toEqual(count(public_seq + 1, head));
      expect(current_state?.recent_activity.at(-1)?.public_seq).toBe(public_seq);
    }
  });

  it('is given exactly what it missed after its connection was cut', async () => {
    const room = await aRoom();
    const first = watch(room.id);
    const { public_seq, epoch } = await first.welcome();
    await say(room.id, 'seen');
    await first.eventsUpTo(public_seq + 1);
    await first.leave();
    for (let number = 0; number < 120; number++) {
      await append(server, room.id, aMessage(`missed ${number}`), aMessage('secret', 'members'));
    }

    const second = watch(room.id, { last_public_seq: public_seq + 1, epoch });
    expect(await second.welcome()).toMatchObject({ recovered: true, current_state: null, public_seq: public_seq + 1 });
    const events = await second.eventsUpTo(public_seq + 121);
    expect(contents(events)).toEqual(count(0, 119).map((number) => `missed ${number}`));
    expect(second.of('spectator.welcome')).toHaveLength(1);

    await say(room.id, 'live again');
    expect(contents(await second.eventsUpTo(public_seq + 122)).at(-1)).toBe('live again');
  });

  it('may say after the welcome where it wants to go on', async () => {
    const room = await aRoom();
    const head = await append(server, room.id, aMessage('one'), aMessage('two'), aMessage('three'));
    const spectator = watch(room.id);
    const { epoch } = await spectator.welcome();
    spectator.say('spectator.connect', { room_id: room.id, spectator_id: 'mine', last_public_seq: head - 2, epoch });
    expect(await spectator.welcome(2)).toMatchObject({ recovered: true, public_seq: head - 2 });
    expect(contents(await spectator.eventsUpTo(head))).toEqual(['two', 'three']);
  });

  it.each([
    ['from another log', { last_public_seq: 1, epoch: randomUUID() }],
    ['ahead of the log', { last_public_seq: 999, epoch: 'its' }],
  ])('starts anew when what it has is %s', async (_name, start) => {
    const room = await aRoom();
    const { epoch } = await watch(room.id).welcome();
    const spectator = watch(room.id, { ...start, epoch: start.epoch === 'its' ? epoch : start.epoch });
    const welcome = await spectator.welcome();
    expect(welcome.recovered).toBe(false);
    expect(welcome.current_state?.recent_activity).toHaveLength(1);
  });

  it('starts anew when it missed too much to be sent at once', async () => {
    const room = await aRoom();
    const { epoch, public_seq } = await watch(room.id).welcome();
    const long = 'x'.repeat(4000);
    const head = await append(server, room.id, ...Array.from({ length: 200 }, () => aMessage(long)));
    const spectator = watch(room.id, { last_public_seq: public_seq, epoch });
    const welcome = await spectator.welcome();
    expect(welcome.recovered).toBe(false);
    expect(welcome.current_state?.recent_activity).toHaveLength(50);
    expect(welcome.public_seq).toBe(head);
  });

  it('does not choose its own identity', async () => {
    const room = await aRoom();
    const spectator = watch(room.id);
    const { spectator_id } = await spectator.welcome();
    spectator.say('spectator.connect', { spectator_id: 'impostor' });
    expect((await spectator.welcome(2)).spectator_id).toBe(spectator_id);
  });

  it('counts as registered once it has shown an access token', async () => {
    const room = await aRoom();
    const spectator = watch(room.id, { auth_token: host.token });
    const { presence } = await spectator.until(() =>
      spectator.of('spectator.welcome').find((welcome) => welcome.presence.registered_count === 1),
    );
    expect(presence).toMatchObject({ total_spectators: 1, anonymous_count: 0, registered_count: 1 });
  });

  it('is cut off with its account', async () => {
    const room = await aRoom();
    const spectator = watch(room.id, { auth_token: host.token });
    await spectator.until(() =>
      spectator.of('spectator.welcome').some((welcome) => welcome.presence.registered_count === 1),
    );
    await server.app.get(Connections, { strict: false }).closeAll(`user:${host.id}`, 'The account was closed');
    expect(await spectator.error()).toMatchObject({ code: 'ACCESS_DENIED', permanent: false });
    await spectator.until(() => spectator.closed);
  });

  it('watches without an account if its token is no good', async () => {
    const room = await aRoom();
    const spectator = watch(room.id, { auth_token: 'nonsense' });
    expect(await spectator.error()).toMatchObject({ code: 'INVALID_MESSAGE' });
    expect((await spectator.welcome()).presence.registered_count).toBe(0);
    expect(spectator.closed).toBeNull();
  });

  it('cannot tell a private room from one that does not exist', async () => {
    const room = await aRoom({ visibility: 'private' });
    const answers = [];
    for (const roomId of [room.id, randomUUID(), 'nonsense']) {
      const spectator = watch(roomId);
      const error = await spectator.error();
      await spectator.until(() => spectator.closed);
      expect(spectator.messages).toHaveLength(1);
      answers.push({ error, closed: spectator.closed });
    }
    expect(answers[0]?.error).toMatchObject({ code: 'ROOM_NOT_FOUND', permanent: true });
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it('is told that a public room admits nobody', async () => {
    const room = await aRoom({ settings: { spectatorAllowed: false } });
    const spectator = watch(room.id);
    expect(await spectator.error()).toMatchObject({ code: 'ACCESS_DENIED', permanent: true });
    await spectator.until(() => spectator.closed);
  });

  it.each([
    ['becomes private', { visibility: 'private' } as const, 'ROOM_NOT_FOUND'],
    ['admits nobody any more', { settings: { spectatorAllowed: false } }, 'ACCESS_DENIED'],
  ])('is sent away when the room %s, and hears no more', async (_name, changed, code) => {
    const room = await aRoom();
    const spectator = watch(room.id);
    await spectator.welcome();
    await change(room.id, changed);
    await say(room.id, 'now among ourselves');
    expect(await spectator.error()).toMatchObject({ code, permanent: true });
    await spectator.until(() => spectator.closed);
    expect(spectator.raw).not.toContain('among ourselves');
    expect(await watch(room.id).error()).toMatchObject({ code });
  });

  it('is sent away when the room is deleted', async () => {
    const room = await aRoom();
    const spectator = watch(room.id);
    await spectator.welcome();
    await host.request('DELETE', `/api/rooms/${room.id}`);
    expect(await spectator.error()).toMatchObject({ code: 'ROOM_NOT_FOUND', permanent: true });
    await spectator.until(() => spectator.closed);
  });

  it('learns nothing of what happened while the room was private', async () => {
    const room = await aRoom({ visibility: 'private' });
    await say(room.id, 'hidden words');
    await createTask(room.id, 'hidden task');
    await change(room.id, { visibility: 'public' });
    await createTask(room.id, 'told task');
    const spectator = watch(room.id);
    const welcome = await spectator.welcome();
    expect(welcome.public_seq).toBe(1);
    expect(contents(welcome.current_state?.recent_activity ?? [])).toEqual(['task.created']);
    expect(welcome.current_state?.tasks).toMatchObject([
      { number: 2, title: 'Told task', state: 'open', agent_name: null },
    ]);
    expect(spectator.raw).not.toMatch(/hidden/i);
  });

  it.each([
    ['an unknown type', (spectator: TestSpectator) => spectator.say('spectator.vote', { vote: 'approve' })],
    [
      'fields of the wrong type',
      (spectator: TestSpectator) => spectator.say('spectator.connect', { last_public_seq: 'x' }),
    ],
    ['another room', (spectator: TestSpectator) => spectator.say('spectator.connect', { room_id: randomUUID() })],
    [
      'something endless',
      (spectator: TestSpectator) =>
        spectator.say('spectator.connect', { client_info: { referrer: 'x'.repeat(20_000) } }),
    ],
  ])('is told that a message makes no sense: %s', async (_name, send) => {
    const room = await aRoom();
    const spectator = watch(room.id);
    const { public_seq } = await spectator.welcome();
    send(spectator);
    expect(await spectator.error()).toMatchObject({ code: 'INVALID_MESSAGE', permanent: false });
    await say(room.id, 'still here');
    expect(contents(await spectator.eventsUpTo(public_seq + 1))).toEqual(['still here']);
  });

  it('is closed after too much nonsense', async () => {
    const room = await aRoom();
    const spectator = watch(room.id);
    await spectator.welcome();
    for (let message = 0; message < 11; message++) {
      spectator.say('spectator.dance', {});
    }
    await spectator.until(() => spectator.closed);
    expect(spectator.of('spectator.error').at(-1)).toMatchObject({ code: 'RATE_LIMITED', permanent: true });
  });
});

describe('The public stream', () => {
  it('tells the same story on both transports', async () => {
    const room = await aRoom();
    const spectators = [new PlainSpectator(server.url, room.id), new SocketIoSpectator(server.url, room.id)];
    watching.push(...spectators);
    await Promise.all(spectators.map((spectator) => spectator.welcome()));
    const batches = Array.from({ length: 10 }, (_, index) => [
      aMessage(`a${index}`),
      aMessage('no', 'members'),
      aMessage(`b${index}`),
    ]);
    let head = 0;
    for (const batch of batches) {
      head = await append(server, room.id, ...batch);
    }
    const [plain, socketIo] = await Promise.all(spectators.map((spectator) => spectator.eventsUpTo(head)));
    expect(plain).toEqual(socketIo);
    expect(plain).toHaveLength(20);
  });

  it('does not take tokens from addresses', async () => {
    const room = await aRoom();
    const person = await Person.register(server.url);
    const spectator = new PlainSpectator(server.url, room.id, { auth: person.token } as Start);
    watching.push(spectator);
    expect((await spectator.welcome()).presence).toMatchObject({ anonymous_count: 1, registered_count: 0 });
  });

  it('answers frames that are not JSON, or not text', async () => {
    const room = await aRoom();
    const spectator = new PlainSpectator(server.url, room.id);
    watching.push(spectator);
    await spectator.welcome();
    for (const frame of ['{', '7', 'null', '[]', '{"type":7}', Buffer.from([1, 2, 3])]) {
      spectator.socket.send(frame);
    }
    await spectator.error(6);
    expect(new Set(spectator.of('spectator.error').map(({ code }) => code))).toEqual(new Set(['INVALID_MESSAGE']));
    expect(spectator.closed).toBeNull();
  });

  it('is closed to pages of unknown origin', async () => {
    const room = await aRoom();
    const spectator = new PlainSpectator(server.url, room.id, {}, { origin: 'https://evil.example' });
    await spectator.until(() => spectator.closed);
    expect(spectator.messages).toEqual([]);
  });

  it('tells a client that it was cut off when the server stops, and when to come back', async () => {
    const other = await startTestServer({ database: server.database });
    const room = await aRoom();
    const spectators = [new PlainSpectator(other.url, room.id), new SocketIoSpectator(other.url, room.id)];
    await Promise.all(spectators.map((spectator) => spectator.welcome()));
    await other.close();
    for (const spectator of spectators) {
      await spectator.until(() => spectator.closed);
      const error = await spectator.error();
      expect(error).toMatchObject({ code: 'UNAVAILABLE', permanent: false });
      expect(error.retry_after).toBeGreaterThanOrEqual(1000);
    }
    expect(spectators[0]?.closed).toEqual({ code: SPECTATOR_CLOSE_CODES.restarting });
  });
});
