import type { Member } from '@clawtank/contracts';
import { jest } from '@jest/globals';
import { RoomAccess } from '../../apps/api/src/rooms/room-access.js';
import { RoomMoments } from '../../apps/api/src/rooms/room-moments.js';
import { MemberBroadcast, RoomSnapshot } from '../../apps/api/src/rooms/index.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { Follower } from '../support/follower.js';
import { accepted, command, eventually, Person, type RoomSocket } from '../support/people.js';

/** What happens between the steps of a join, which reads the seat first, then who is there, then what the room holds. */
describe('joining a room while something happens in it', () => {
  let server: TestServer;
  let ann: Person;
  let bob: Person;
  let roomId: string;
  const sockets: RoomSocket[] = [];

  beforeAll(async () => {
    server = await startTestServer();
    ann = await Person.register(server.url);
  });
  beforeEach(async () => {
    bob = await Person.register(server.url);
    roomId = (await ann.createRoomWithRepository()).id;
    await ann.invite(roomId, bob);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    sockets.splice(0).forEach((socket) => socket.close());
  });
  afterAll(() => server.close());

  const connect = async (person: Person): Promise<RoomSocket> => {
    const socket = await person.connect();
    sockets.push(socket);
    return socket;
  };
  const ban = () => ann.request('POST', `/api/rooms/${roomId}/bans`, { userId: bob.id, reason: '' });
  const mute = () => ann.request<Member>('PUT', `/api/rooms/${roomId}/members/${bob.id}/mute`, { minutes: 10 });

  /** Has `deed` done once the seat of the next to join has been read, and before anything else is. */
  const onceSeated = (deed: () => Promise<unknown>): void => {
    const moments = server.app.get(RoomMoments, { strict: false });
    const read = moments.of.bind(moments);
    jest.spyOn(moments, 'of').mockImplementationOnce(async (id) => {
      await deed();
      return read(id);
    });
  };

  it('refuses somebody who is banned after their seat was read, and tells them nothing more', async () => {
    const [annsSocket, bobsSocket] = [await connect(ann), await connect(bob)];
    const watcher = await Follower.join(annsSocket, roomId);
    const heard: unknown[] = [];
    bobsSocket.on('message_broadcast', (push) => heard.push(push));
    onceSeated(ban);
    expect(await command(bobsSocket, 'join_room', { roomId })).toMatchObject({ error: { code: 'banned' } });
    const { seq } = await accepted(annsSocket, 'chat_message', { roomId, message: 'Is he gone?' });
    await watcher.reach(seq);
    await command(bobsSocket, 'leave_room', { roomId }); // answered behind whatever was pushed before
    expect(heard).toEqual([]);
  });

  it('tells somebody who is muted after their seat was read', async () => {
    const bobsSocket = await connect(bob);
    const told: (readonly string[])[] = [];
    bobsSocket.on('abilities_changed', ({ abilities }) => told.push(abilities));
    onceSeated(mute);
    const follower = await Follower.join(bobsSocket, roomId);
    expect(follower.joins[0]?.moment.abilities).toContain('chat');
    await eventually(() => told.length > 0);
    expect(told).toEqual([expect.not.arrayContaining(['chat'])]);
  });

  it('goes on telling the others when somebody is put out in the middle of joining', async () => {
    const [annsSocket, bobsSocket] = [await connect(ann), await connect(bob)];
    const watcher = await Follower.join(annsSocket, roomId);
    // So that the seat is read again, by when the connection follows the room already.
    onceSeated(() => accepted(annsSocket, 'chat_message', { roomId, message: 'Who is it?' }));
    const access = server.app.get(RoomAccess, { strict: false });
    const arrive = access.arrive.bind(access);
    jest
      .spyOn(access, 'arrive')
      .mockImplementationOnce(arrive)
      .mockImplementationOnce(async (...asked) => {
        await ban();
        return arrive(...asked);
      });
    expect(await command(bobsSocket, 'join_room', { roomId })).toMatchObject({ error: { code: 'banned' } });
    const { seq } = await accepted(annsSocket, 'chat_message', { roomId, message: 'And now?' });
    await watcher.reach(seq);
    expect(watcher.gaps).toBe(0);
  });

  it('follows no room any more for a connection that has ended', async () => {
    const broadcast = server.app.get(MemberBroadcast, { strict: false });
    const other = (await bob.createRoom()).id;
    const socket = await connect(bob);
    await accepted(socket, 'join_room', { roomId });
    await accepted(socket, 'join_room', { roomId: other });
    expect([...broadcast.rooms]).toEqual(expect.arrayContaining([roomId, other]));
    socket.close();
    await eventually(() => ![roomId, other].some((id) => broadcast.isFollowed(id)));
  });

  it('gives what is said meanwhile to all who share a snapshot, once', async () => {
    const carl = await Person.register(server.url);
    await ann.invite(roomId, carl);
    const speaker = await connect(ann);
    await accepted(speaker, 'chat_message', { roomId, message: 'before' });
    const snapshots = server.app.get(RoomSnapshot, { strict: false });
    const read = snapshots.read.bind(snapshots);
    const given: unknown[] = [];
    let said: Promise<unknown> | undefined;
    jest.spyOn(snapshots, 'read').mockImplementation(async (id) => {
      const state = await read(id);
      given.push(state);
      await (said ??= accepted(speaker, 'chat_message', { roomId, message: 'meanwhile' }));
      return state;
    });
    const lines = await Promise.all([connect(bob), connect(carl)]);
    const followers = await Promise.all(lines.map((line) => Follower.join(line, roomId)));
    const { seq } = await accepted(speaker, 'chat_message', { roomId, message: 'after' });
    for (const follower of followers) {
      const { messages } = await follower.reach(seq);
      expect(messages.map(({ message }) => message)).toEqual(['before', 'meanwhile', 'after']);
      expect([follower.gaps, follower.events.length]).toEqual([0, 2]);
    }
    expect(given).toHaveLength(2);
    expect(given[0]).toBe(given[1]);
  });
});
