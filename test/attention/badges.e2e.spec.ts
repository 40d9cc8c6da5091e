import type { Badges, RoomBadge } from '@clawtank/contracts';
import { jest } from '@jest/globals';
import { DataSource } from 'typeorm';
import { BadgeReader } from '../../apps/api/src/attention/badge.reader.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, eventually, Person } from '../support/people.js';
import { Chance, seedOf } from './chance.js';
import { aWhile, Device } from './device.js';
import { Room, type Step } from './histories.js';

let server: TestServer;
let ann: Person;
let bob: Person;
let eve: Person;
const devices: Device[] = [];

beforeAll(async () => {
  server = await startTestServer();
  [ann, bob, eve] = (await Promise.all([1, 2, 3].map(() => Person.register(server.url)))) as [Person, Person, Person];
});
afterEach(() => devices.splice(0).forEach((device) => device.close()));
afterAll(() => server.close());

const deviceOf = async (person: Person): Promise<Device> => {
  const device = await Device.of(person);
  devices.push(device);
  return device;
};

const roomOf = async (host: Person, ...guests: Person[]): Promise<string> => {
  const { id } = await host.createRoomWithRepository({ visibility: 'public' });
  for (const guest of guests) {
    await host.invite(id, guest);
  }
  return id;
};

const badgeOf = async (person: Person, roomId: string): Promise<RoomBadge | undefined> =>
  (await person.request<Badges>('GET', '/api/me/badges')).rooms.find((badge) => badge.roomId === roomId);

const headOf = async (roomId: string): Promise<number> => {
  const [room] = await server.app
    .get(DataSource)
    .query<{ last_seq: string }[]>(`SELECT last_seq FROM rooms WHERE id = $1`, [roomId]);
  return Number(room?.last_seq);
};

describe('badges over the API', () => {
  it('equal a recount after random histories, for the page that asks and for the device that is told', async () => {
    const seed = seedOf('badges over the API');
    const people = [ann, bob, eve];
    const acting = await Promise.all(people.map(deviceOf));
    const listening = await Promise.all(people.map(deviceOf));

    for (let history = 0; history < 10; history++) {
      const chance = new Chance(seed + history);
      const roomId = await roomOf(ann, bob, eve);
      const room = new Room(people.length);
      const seats = await server.app
        .get(DataSource)
        .query<{ user_id: string; joined_seq: string }[]>(
          `SELECT user_id, joined_seq FROM room_members WHERE room_id = $1`,
          [roomId],
        );
      people.forEach(({ id }, person) =>
        room.joinedAt.set(person, Number(seats.find(({ user_id }) => user_id === id)!.joined_seq)),
      );
      const messageIds: string[] = [];

      const play = async (step: Step): Promise<void> => {
        const textOf = ({ named, here }: { named: readonly number[]; here: boolean }) =>
          ['hello', ...named.map((person) => `@${people[person]!.name}`), ...(here ? ['@here'] : [])].join(' ');
        switch (step.kind) {
          case 'say': {
            const message = textOf(step);
            const threadId = step.inThread
              ? messageIds[room.said.findIndex(({ inThread, isDeleted }) => !inThread && !isDeleted)]
              : undefined;
            const said = await accepted(acting[step.by]!.socket, 'chat_message', {
              roomId,
              message,
              ...(threadId && { threadId }),
            });
            messageIds.push(said.id);
            return;
          }
          case 'edit': {
            const { by } = room.said[step.message]!;
            if (room.joinedAt.has(by)) {
              await accepted(acting[by]!.socket, 'edit_message', {
                roomId,
                messageId: messageIds[step.message]!,
                message: `${textOf(step)} once more ${room.head}`,
              });
            }
            return;
          }
          case 'delete':
            await accepted(acting[0]!.socket, 'delete_message', { roomId, messageId: messageIds[step.message]! });
            return;
          case 'read':
            await accepted(acting[step.by]!.socket, 'mark_read', { roomId, seq: step.seq });
            return;
          case 'prefer':
            await people[step.by]!.request('PUT', `/api/rooms/${roomId}/preferences`, { level: step.level });
            return;
          case 'leave':
            await people[step.by]!.request('POST', `/api/rooms/${roomId}/leave`);
            return;
          case 'return':
            await people[step.by]!.request('POST', `/api/rooms/${roomId}/join`, {});
            return;
          case 'other':
            await accepted(acting[0]!.socket, 'create_task', { roomId, description: 'something else' });
        }
      };

      for (let left = 25; left > 0; left--) {
        room.head = await headOf(roomId);
        const step = room.randomStep(chance);
        // Only its author may edit a message, and only from their seat.
        if (step.kind === 'edit' && !room.joinedAt.has(room.said[step.message]!.by)) {
          continue;
        }
        await play(step);
        room.take(step);
      }
      for (const [person, one] of people.entries()) {
        const truth = room.joinedAt.has(person) ? room.recount(person, roomId) : undefined;
        expect({ history, person, badge: await badgeOf(one, roomId) }).toEqual({ history, person, badge: truth });
        if (truth && listening[person]!.badge(roomId)) {
          const { unread, mentions, lastReadSeq, firstUnreadSeq, level } = truth;
          await listening[person]!.hears(roomId, { unread, mentions, lastReadSeq, firstUnreadSeq, level });
        }
      }
    }
  }, 120_000);

  it('have a marker that never moves back, nor past what was said', async () => {
    const roomId = await roomOf(ann, bob);
    const { socket } = await deviceOf(bob);
    const { socket: other } = await deviceOf(ann);
    const first = await accepted(other, 'chat_message', { roomId, message: 'one' });
    const second = await accepted(other, 'chat_message', { roomId, message: 'two' });

    await accepted(socket, 'mark_read', { roomId, seq: second.seq });
    await accepted(socket, 'mark_read', { roomId, seq: first.seq });
    expect(await badgeOf(bob, roomId)).toMatchObject({ unread: 0, lastReadSeq: second.seq, firstUnreadSeq: null });

    await accepted(socket, 'mark_read', { roomId, seq: second.seq + 1000 });
    const third = await accepted(other, 'chat_message', { roomId, message: 'three' });
    expect(await badgeOf(bob, roomId)).toMatchObject({
      unread: 1,
      lastReadSeq: second.seq,
      firstUnreadSeq: third.seq,
    });
  });

  it('tell the other devices what one of them has read, whether or not they are in the room', async () => {
    const roomId = await roomOf(ann, bob);
    const [reading, besides, inRoom] = await Promise.all([deviceOf(bob), deviceOf(bob), deviceOf(bob)]);
    await accepted(inRoom.socket, 'join_room', { roomId });
    const said = await accepted((await deviceOf(ann)).socket, 'chat_message', {
      roomId,
      message: `hello @${bob.name}`,
    });
    await besides.hears(roomId, { unread: 1, mentions: 1 });
    await reading.hears(roomId, { unread: 1 });
    expect(inRoom.badge(roomId)).toBeUndefined();
    const before = reading.frames.flatMap(({ rooms }) => rooms).length;

    await accepted(reading.socket, 'mark_read', { roomId, seq: said.seq });
    await besides.hears(roomId, { unread: 0, lastReadSeq: said.seq });
    await inRoom.hears(roomId, { unread: 0, lastReadSeq: said.seq });
    await aWhile();
    expect(reading.frames.flatMap(({ rooms }) => rooms)).toHaveLength(before);
  });

  it('begin anew with a new seat, as silent as the room was left', async () => {
    const roomId = await roomOf(ann, bob);
    const { socket } = await deviceOf(ann);
    await accepted(socket, 'chat_message', { roomId, message: 'before' });
    await bob.request('PUT', `/api/rooms/${roomId}/preferences`, { level: 'none' });
    await bob.request('POST', `/api/rooms/${roomId}/leave`);
    expect(await badgeOf(bob, roomId)).toBeUndefined();
    await expect(bob.request('GET', `/api/rooms/${roomId}/preferences`)).rejects.toMatchObject({ status: 404 });
    await accepted(socket, 'chat_message', { roomId, message: 'meanwhile' });

    await bob.request('POST', `/api/rooms/${roomId}/join`, {});
    expect(await badgeOf(bob, roomId)).toMatchObject({ unread: 0, level: 'none', lastReadSeq: await headOf(roomId) });
    await accepted(socket, 'chat_message', { roomId, message: 'after' });
    expect(await badgeOf(bob, roomId)).toMatchObject({ unread: 1 });
    expect(await bob.request('GET', `/api/rooms/${roomId}/preferences`)).toEqual({ level: 'none' });
  });
});

describe('news of rooms that a connection has not joined', () => {
  it('comes at most once a second, however much is said', async () => {
    const roomId = await roomOf(ann, bob);
    const listening = await deviceOf(bob);
    const { socket } = await deviceOf(ann);
    const from = Date.now();
    for (let count = 0; Date.now() - from < 3000; count++) {
      await accepted(socket, 'chat_message', { roomId, message: `message ${count}` });
    }
    const { seq } = await accepted(socket, 'chat_message', { roomId, message: 'the last' });
    await eventually(async () => listening.badge(roomId)?.unread === (await badgeOf(bob, roomId))?.unread);
    expect(seq).toBeGreaterThan(10);

    const about = listening.frames.filter(({ rooms }) => rooms.length > 0);
    expect(about.length).toBeGreaterThanOrEqual(2);
    expect(about.length).toBeLessThanOrEqual((Date.now() - from) / 1000 + 1);
  });

  it('costs the database nothing where everybody has joined', async () => {
    const roomId = await roomOf(ann, bob);
    const everybody = [await deviceOf(ann), await deviceOf(bob)];
    for (const { socket } of everybody) {
      await accepted(socket, 'join_room', { roomId });
    }
    await aWhile();
    everybody.forEach(({ frames }) => frames.splice(0));
    const asked = jest.spyOn(server.app.get(BadgeReader, { strict: false }), 'of');
    for (let count = 0; count < 50; count++) {
      await accepted(everybody[count % 2]!.socket, 'chat_message', { roomId, message: `message ${count}` });
    }
    await aWhile();
    expect(asked.mock.calls.filter(([pairs]) => pairs.length > 0)).toEqual([]);
    asked.mockRestore();
    expect(everybody.flatMap(({ frames }) => frames)).toEqual([]);
  });

  it('begins and ends with the seat', async () => {
    const { id: roomId } = await ann.createRoomWithRepository({ visibility: 'public' });
    const listening = await deviceOf(bob);
    const { socket } = await deviceOf(ann);
    await accepted(socket, 'chat_message', { roomId, message: 'not for strangers' });
    await bob.request('POST', `/api/rooms/${roomId}/join`, {});
    await accepted(socket, 'chat_message', { roomId, message: 'welcome' });
    await listening.hears(roomId, { unread: 1 });

    await bob.request('POST', `/api/rooms/${roomId}/leave`);
    await aWhile();
    const before = listening.frames.length;
    await accepted(socket, 'chat_message', { roomId, message: 'among ourselves' });
    await aWhile();
    expect(listening.frames.slice(before).flatMap(({ rooms }) => rooms)).toEqual([]);
  });
});
