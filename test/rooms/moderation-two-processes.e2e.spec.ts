import type { Ability, RoomList } from '@clawtank/contracts';
import { PlainSpectator } from '../spectators/spectators.support.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { accepted, command, connect, eventually, Person, type RoomSocket } from '../support/people.js';
import { describeWithRedis } from '../support/redis.js';
import { ServerProcess } from '../support/server-process.js';

const WITHIN_A_SECOND = 1000;

describeWithRedis('rooms looked after from one process while people sit at another', (redis) => {
  let database: TestDatabase;
  let left: ServerProcess;
  let right: ServerProcess;
  let ann: Person;
  const sockets: RoomSocket[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    const env = {
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      REDIS_PREFIX: redis.prefix,
      JWT_SECRET: 'a-test-signing-key-of-no-value-0123456789',
      ENCRYPTION_KEY: '0123456789abcdef'.repeat(4),
    };
    [left, right] = await Promise.all([ServerProcess.start(env), ServerProcess.start(env)]);
    ann = await Person.register(left.url);
  }, 120_000);
  afterAll(async () => {
    sockets.forEach((socket) => socket.close());
    await Promise.all([left.stop(), right.stop()]);
    left.removeData();
    right.removeData();
    await database.drop();
  });

  const follow = async (socket: RoomSocket, roomId: string) => {
    sockets.push(socket);
    const heard = { abilities: [] as (readonly Ability[])[], closed: [] as string[], messages: 0 };
    socket.on('abilities_changed', (push) => heard.abilities.push(push.abilities));
    socket.on('room_closed', (push) => heard.closed.push(push.reason));
    socket.on('message_broadcast', () => heard.messages++);
    await accepted(socket, 'join_room', { roomId });
    return heard;
  };

  it('lose a banned person’s every connection and their agents’ within a second, and keep them out', async () => {
    const { id: roomId } = await ann.createRoom({ visibility: 'public' });
    const bob = await Person.register(left.url);
    await bob.request('POST', `/api/rooms/${roomId}/join`);
    const { token } = await bob.bringAgent(roomId);
    const lines = await Promise.all([
      bob.connect(),
      bob.at(right.url).connect(),
      bob.at(right.url).connect(),
      connect(left.url, '/agents', token),
      connect(right.url, '/agents', token),
    ]);
    const heard = await Promise.all(lines.map((line) => follow(line, roomId)));
    const watching = new PlainSpectator(right.url, roomId, { auth_token: bob.token });
    await watching.welcome();

    await ann.request('POST', `/api/rooms/${roomId}/bans`, { userId: bob.id });
    await eventually(() => heard.every(({ closed }) => closed.join() === 'banned'), WITHIN_A_SECOND);
    await eventually(() => watching.closed, WITHIN_A_SECOND);

    const before = heard.map(({ messages }) => messages);
    const here = await ann.connect();
    sockets.push(here);
    await accepted(here, 'chat_message', { roomId, message: 'among us' });
    for (const line of lines) {
      expect(await command(line, 'join_room', { roomId })).toMatchObject({ ok: false, error: { code: 'banned' } });
    }
    const anew = await bob.at(right.url).connect();
    sockets.push(anew);
    expect(await command(anew, 'join_room', { roomId })).toMatchObject({ ok: false, error: { code: 'banned' } });
    await expect(bob.at(right.url).request('POST', `/api/rooms/${roomId}/join`)).rejects.toMatchObject({ status: 403 });
    expect(heard.map(({ messages }) => messages)).toEqual(before);
  });

  it('tell everybody what they may do, wherever they are connected', async () => {
    const { id: roomId } = await ann.createRoom({ visibility: 'public' });
    const bob = await Person.register(left.url);
    await bob.request('POST', `/api/rooms/${roomId}/join`);
    const heard = [await follow(await bob.connect(), roomId), await follow(await bob.at(right.url).connect(), roomId)];
    const told = (what: (abilities: readonly Ability[]) => boolean) =>
      eventually(() => heard.every(({ abilities }) => abilities.length > 0 && what(abilities.at(-1)!)), 5000);

    await ann.request('PUT', `/api/rooms/${roomId}/members/${bob.id}/role`, { role: 'moderator' });
    await told((abilities) => abilities.includes('ban_member'));
    await ann.at(right.url).request('PUT', `/api/rooms/${roomId}/members/${bob.id}/mute`, { minutes: 1 });
    await told((abilities) => !abilities.includes('chat'));
    await ann.request('POST', `/api/rooms/${roomId}/archive`);
    await told((abilities) => abilities.join() === 'read,read_audit_log');
  });

  it('are ordered by all who watch, at either process', async () => {
    const topic = 'watched-at-both';
    const rooms = await Promise.all(
      ['one', 'two', 'three'].map((name) => ann.createRoom({ name, visibility: 'public', topics: [topic] })),
    );
    // The liveliest is the one that nobody watches.
    await (await Person.register(left.url)).request('POST', `/api/rooms/${rooms[0]!.id}/join`);
    const watch = async (url: string, index: number) => {
      const spectator = new PlainSpectator(url, rooms[index]!.id);
      await spectator.welcome();
      return spectator;
    };
    const watching = [
      await watch(left.url, 1),
      await watch(left.url, 2),
      await watch(right.url, 2),
      await watch(right.url, 2),
    ];
    for (const url of [left.url, right.url]) {
      await eventually(async () => {
        const list = await ann.at(url).request<RoomList>('GET', `/api/rooms?sort=viewers&topic=${topic}`);
        return list.rooms.map(({ name, viewers }) => `${name} ${viewers}`).join() === 'three 3,two 1,one 0';
      }, 10_000);
    }
    await Promise.all(watching.map((spectator) => spectator.leave()));
  });
});
