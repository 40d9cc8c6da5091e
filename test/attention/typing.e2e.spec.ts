import type { ServerToClientEvents } from '@clawtank/contracts';
import { randomUUID } from 'node:crypto';
import { startTestServer, type TestServer } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { accepted, command, eventually, Person, type RoomSocket } from '../support/people.js';
import { describeWithRedis } from '../support/redis.js';
import { aWhile } from './device.js';

type Word = Parameters<ServerToClientEvents['typing']>[0];

describeWithRedis('typing, over two processes', (redis) => {
  let database: TestDatabase;
  let left: TestServer;
  let right: TestServer;
  let ann: Person;
  let bob: Person;
  let eve: Person;
  let roomId: string;
  const sockets: RoomSocket[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    left = await startTestServer({ database, redis });
    right = await startTestServer({ database, redis });
  });
  beforeEach(async () => {
    ann = await Person.register(left.url);
    bob = await Person.register(left.url);
    eve = await Person.register(left.url);
    ({ id: roomId } = await ann.createRoomWithRepository());
    await ann.invite(roomId, bob);
    await ann.invite(roomId, eve);
  });
  afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));
  afterAll(async () => {
    await Promise.all([left.close(), right.close()]);
    await database.drop();
  });

  const lineOf = async (person: Person, joins = true): Promise<{ socket: RoomSocket; heard: Word[] }> => {
    const socket = await person.connect();
    sockets.push(socket);
    const heard: Word[] = [];
    socket.on('typing', (word) => heard.push(word));
    if (joins) {
      await accepted(socket, 'join_room', { roomId });
    }
    return { socket, heard };
  };

  it('is seen by those who joined, wherever they are, and not by who types', async () => {
    const hers = await lineOf(ann);
    const hersToo = await lineOf(ann.at(right.url));
    const his = await lineOf(bob.at(right.url));
    const away = await lineOf(eve, false);
    await accepted(hers.socket, 'typing', { roomId });
    await eventually(() => his.heard.length === 1);
    expect(his.heard).toEqual([{ roomId, memberId: ann.id, name: ann.name, threadId: null, direct: false }]);
    await aWhile(300);
    expect([...hers.heard, ...hersToo.heard, ...away.heard]).toEqual([]);
  });

  it('is said at most once in two seconds, from however many devices at however many processes', async () => {
    const [hers, hersToo] = [await lineOf(ann), await lineOf(ann.at(right.url))];
    const his = await lineOf(bob.at(right.url));
    const from = Date.now();
    while (Date.now() - from < 3000) {
      await Promise.all([hers, hersToo].map(({ socket }) => accepted(socket, 'typing', { roomId })));
      await aWhile(50);
    }
    await aWhile(300);
    expect(his.heard.length).toBeGreaterThanOrEqual(2);
    expect(his.heard.length).toBeLessThanOrEqual((Date.now() - from) / 2000 + 1);
  });

  it('names the thread, and goes to one alone if it is for one alone', async () => {
    const hers = await lineOf(ann);
    const his = await lineOf(bob.at(right.url));
    const others = await lineOf(eve);
    const threadId = randomUUID();
    await accepted(hers.socket, 'typing', { roomId, threadId });
    await eventually(() => his.heard.length === 1 && others.heard.length === 1);
    expect(his.heard[0]).toMatchObject({ threadId, direct: false });

    await aWhile(2100);
    await accepted(hers.socket, 'typing', { roomId, toMemberId: bob.id });
    await eventually(() => his.heard.length === 2);
    expect(his.heard[1]).toEqual({ roomId, memberId: ann.id, name: ann.name, threadId: null, direct: true });
    await aWhile(300);
    expect(others.heard).toHaveLength(1);
  });

  it('is for those who may speak', async () => {
    const stranger = await Person.register(left.url);
    const outside = await lineOf(stranger, false);
    expect(await command(outside.socket, 'typing', { roomId })).toMatchObject({ error: { code: 'not_found' } });
    await ann.request('PUT', `/api/rooms/${roomId}/members/${bob.id}/mute`, { minutes: 5 });
    const muted = await lineOf(bob);
    const others = await lineOf(eve);
    expect(await command(muted.socket, 'typing', { roomId })).toMatchObject({ error: { code: 'muted' } });
    await aWhile(300);
    expect(others.heard).toEqual([]);
  });
});
