import { randomUUID } from 'node:crypto';
import type { ChatMessage } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { RoomSnapshot } from '../../apps/api/src/rooms/index.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { Follower } from '../support/follower.js';
import { accepted, command, connect, eventually, Person } from '../support/people.js';
import { verifyRoom } from '../support/verify-room.js';

describe('the room stream', () => {
  let server: TestServer;
  let ann: Person;
  let bob: Person;

  beforeAll(async () => {
    server = await startTestServer();
    ann = await Person.register(server.url);
    bob = await Person.register(server.url);
  });
  afterAll(() => server.close());

  const roomOfTwo = async () => {
    const room = await ann.createRoomWithRepository();
    await ann.invite(room.id, bob);
    return room;
  };

  it('gives racing writers one gapless order that everybody sees alike', async () => {
    const room = await roomOfTwo();
    const [first, second] = [await ann.connect(), await bob.connect()];
    const followers = [await Follower.join(first, room.id), await Follower.join(second, room.id)];
    const start = followers[0]!.state.seq;

    const sent = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        accepted(index % 2 ? first : second, 'chat_message', { roomId: room.id, message: `message ${index}` }),
      ),
    );

    expect(sent.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 60 }, (_, index) => start + 1 + index),
    );
    for (const follower of followers) {
      await follower.reach(start + 60);
      expect(follower.gaps).toBe(0);
      expect(follower.events.map(({ seq }) => seq)).toEqual(
        Array.from({ length: 60 }, (_, index) => start + 1 + index),
      );
    }
    expect(followers[0]!.events.map(({ id }) => id)).toEqual(followers[1]!.events.map(({ id }) => id));
    first.close();
    second.close();
  });

  it('keeps the order in which one person sent', async () => {
    const room = await ann.createRoomWithRepository();
    const socket = await ann.connect();
    const sent = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        accepted(socket, 'chat_message', { roomId: room.id, message: String(index) }),
      ),
    );
    expect(sent.map(({ message }) => message)).toEqual(
      [...sent].sort((a, b) => a.seq - b.seq).map(({ message }) => message),
    );
    socket.close();
  });

  it('answers fifty repeats of one message with one message', async () => {
    const room = await roomOfTwo();
    const sockets = [await ann.connect(), await ann.connect()];
    const clientMessageId = randomUUID();
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        accepted(sockets[index % 2]!, 'chat_message', { roomId: room.id, message: 'once', clientMessageId }),
      ),
    );
    expect(new Set(replies.map(({ id }) => id)).size).toBe(1);
    const { messages } = await ann.request<{ messages: ChatMessage[] }>('GET', `/api/rooms/${room.id}/messages`);
    expect(messages.filter(({ message }) => message === 'once')).toHaveLength(1);
    sockets.forEach((socket) => socket.close());
  });

  it('refuses a command id that was used for something else', async () => {
    const room = await ann.createRoomWithRepository();
    const socket = await ann.connect();
    const clientMessageId = randomUUID();
    await accepted(socket, 'chat_message', { roomId: room.id, message: 'first', clientMessageId });
    const reply = await command(socket, 'chat_message', { roomId: room.id, message: 'second', clientMessageId });
    expect(reply).toMatchObject({ ok: false, error: { code: 'command_id_reused' } });
    socket.close();
  });

  it('sends a client that was away exactly what it missed', async () => {
    const room = await roomOfTwo();
    const away = await bob.connect();
    const before = await Follower.join(away, room.id);
    const { seq, epoch } = before.state;
    away.close();

    const socket = await ann.connect();
    for (let index = 0; index < 5; index++) {
      await accepted(socket, 'chat_message', { roomId: room.id, message: `while away ${index}` });
    }
    const back = await Follower.join(await bob.connect(), room.id, { lastSeq: seq, epoch, state: before.state });
    await back.reach(seq + 5);
    expect(back.joins[0]).toMatchObject({ recovered: true, roomData: null });
    expect(back.events.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5].map((step) => seq + step));
    await verifyRoom(server, before.state);
    socket.close();
    back.socket.close();
  });

  it('gives a fresh snapshot to a client of another epoch, or one that knows too much, or that missed too much', async () => {
    const room = await ann.createRoomWithRepository();
    const socket = await ann.connect();
    const first = await Follower.join(socket, room.id);
    const { state } = first;
    for (const from of [
      { lastSeq: state.seq, epoch: randomUUID(), state },
      { lastSeq: state.seq + 1000, epoch: state.epoch, state },
    ]) {
      const other = await Follower.join(await ann.connect(), room.id, from);
      expect(other.joins[0]).toMatchObject({ recovered: false, roomData: { seq: state.seq } });
      other.socket.close();
    }
    socket.close();

    const quiet = await ann.createRoomWithRepository();
    const old = await server.app.get(RoomSnapshot, { strict: false }).read(quiet.id);
    await server.app.get(DataSource).query(
      `WITH head AS (UPDATE rooms SET last_seq = last_seq + 1001 WHERE id = $1 RETURNING last_seq)
       INSERT INTO room_events (room_id, seq, type, actor_type, actor_name, visibility, payload, created_at)
       SELECT $1, last_seq - 1001 + n, 'xp.awarded', 'system', 'x', 'members', '{"userId":"${randomUUID()}","name":"x","amount":1,"reason":"x","totalXP":1,"level":1}', now()
       FROM head, generate_series(1, 1001) AS n`,
      [quiet.id],
    );
    const late = await Follower.join(await ann.connect(), quiet.id, { lastSeq: old.seq, epoch: old.epoch, state: old });
    expect(late.joins[0]).toMatchObject({ recovered: false });
    expect(late.state.seq).toBe(old.seq + 1001);
    late.socket.close();
  });

  it('leaves no hole between snapshot and stream while others write', async () => {
    const room = await roomOfTwo();
    const writer = await ann.connect();
    let isWriting = true;
    const writing = (async () => {
      for (let index = 0; isWriting; index++) {
        await accepted(writer, 'chat_message', { roomId: room.id, message: `busy ${index}` });
      }
    })();
    for (let index = 0; index < 15; index++) {
      const follower = await Follower.join(await bob.connect(), room.id);
      const joinedAt = follower.state.seq;
      await follower.reach(joinedAt + 3);
      expect(follower.gaps).toBe(0);
      follower.socket.close();
    }
    isWriting = false;
    await writing;
    writer.close();
  });

  it('reads what nobody announced, such as the last words of a killed process', async () => {
    const room = await ann.createRoomWithRepository();
    const follower = await Follower.join(await ann.connect(), room.id);
    const { seq } = follower.state;
    await server.app.get(DataSource).query(
      `WITH head AS (UPDATE rooms SET last_seq = last_seq + 1 WHERE id = $1 RETURNING last_seq)
       INSERT INTO room_events (room_id, seq, type, actor_type, actor_name, visibility, payload, created_at)
       SELECT $1, last_seq, 'xp.level_up', 'system', 'ClawTank', 'members', '{"userId":"${randomUUID()}","name":"ann","level":2}', now() FROM head`,
      [room.id],
    );
    await follower.reach(seq + 1);
    expect(follower.events.at(-1)).toMatchObject({ type: 'xp.level_up', seq: seq + 1 });
    follower.socket.close();
  });

  it('makes a fresh snapshot of an old one and the entries since, for a room where everything happened', async () => {
    const room = await ann.createRoomWithRepository({ visibility: 'public' });
    const empty = await server.app.get(RoomSnapshot, { strict: false }).read(room.id);
    await ann.invite(room.id, bob);
    const { agent, token } = await ann.bringAgent(room.id);
    const [socket, agentSocket] = [await ann.connect(), await connect(server.url, '/agents', token)];
    const middle = await verifyRoom(server, empty);

    for (let index = 0; index < 60; index++) {
      await accepted(socket, 'chat_message', {
        roomId: room.id,
        message: `chat ${index}`,
        visibility: index % 2 ? 'public' : 'members',
      });
    }
    await accepted(agentSocket, 'agent_status', { status: 'working', currentTask: 'thinking' });
    for (let index = 0; index < 33; index++) {
      const task = await accepted(socket, 'create_task', {
        roomId: room.id,
        description: `do thing ${index}`,
        agentId: agent.id,
      });
      if (index % 3 === 0) {
        const { lease } = await accepted(agentSocket, 'claim_task', { roomId: room.id, taskId: task.id });
        await accepted(agentSocket, 'task_progress', {
          roomId: room.id,
          taskId: task.id,
          leaseId: lease.leaseId,
          note: 'halfway',
          percent: 50,
        });
        await accepted(agentSocket, index % 2 ? 'release_task' : 'fail_task', {
          roomId: room.id,
          taskId: task.id,
          leaseId: lease.leaseId,
          reason: 'because',
        });
      }
      await command(socket, 'cancel_task', { roomId: room.id, taskId: task.id });
    }
    await ann.request('PUT', `/api/rooms/${room.id}`, {
      name: 'Renamed',
      visibility: 'private',
      settings: { maxMembers: 5 },
    });
    await bob.request('POST', `/api/rooms/${room.id}/leave`);
    await ann.request('DELETE', `/api/rooms/${room.id}/agents/${agent.id}`);

    await verifyRoom(server, middle);
    const fresh = await verifyRoom(server, empty);
    expect(fresh.messages).toHaveLength(50);
    expect(fresh.tasks).toHaveLength(30);
    socket.close();
    agentSocket.close();
  });
});

describe('seats', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  it('admits exactly as many of twenty racing guests as there are seats', async () => {
    const host = await Person.register(server.url);
    const room = await host.createRoom({ visibility: 'public', settings: { maxMembers: 6 } });
    const guests = await Promise.all(Array.from({ length: 20 }, () => Person.register(server.url)));
    const joins = await Promise.allSettled(
      guests.map((guest) => guest.request('POST', `/api/rooms/${room.id}/join`, {})),
    );
    expect(joins.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    const refused = joins.flatMap((join) =>
      join.status === 'rejected' ? [(join.reason as { problem: { code: string } }).problem.code] : [],
    );
    expect(new Set(refused)).toEqual(new Set(['room_full']));
  });

  it('lets a link of five uses admit exactly five of twenty', async () => {
    const host = await Person.register(server.url);
    const room = await host.createRoom();
    const { token } = await host.request<{ token: string }>('POST', `/api/rooms/${room.id}/invitations`, { uses: 5 });
    const guests = await Promise.all(Array.from({ length: 20 }, () => Person.register(server.url)));
    const joins = await Promise.allSettled(
      guests.map((guest) => guest.request('POST', `/api/invitations/${token}/accept`)),
    );
    expect(joins.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  it('shuts a member out of the stream the moment their seat is taken', async () => {
    const host = await Person.register(server.url);
    const guest = await Person.register(server.url);
    const room = await host.createRoom();
    await host.invite(room.id, guest);
    const follower = await Follower.join(await guest.connect(), room.id);
    const closed = new Promise((resolve) => follower.socket.once('room_closed', resolve));

    await host.request('DELETE', `/api/rooms/${room.id}/members/${guest.id}`);
    expect(await closed).toEqual({ roomId: room.id, reason: 'removed' });
    const seen = follower.events.length;
    const socket = await host.connect();
    await accepted(socket, 'chat_message', { roomId: room.id, message: 'among ourselves' });
    expect(await command(follower.socket, 'chat_message', { roomId: room.id, message: 'hello?' })).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
    expect(follower.events).toHaveLength(seen);
    socket.close();
    follower.socket.close();
  });

  it('tells strangers of a private room what it tells them of none', async () => {
    const host = await Person.register(server.url);
    const stranger = await Person.register(server.url);
    const room = await host.createRoom();
    const answers = await Promise.all(
      [room.id, randomUUID()].map((id) =>
        stranger.request('GET', `/api/rooms/${id}`).catch((error: { problem: { detail: string } }) => error.problem),
      ),
    );
    expect(answers[0]).toEqual(answers[1]);
    const socket = await stranger.connect();
    expect(await command(socket, 'join_room', { roomId: room.id })).toMatchObject({
      ok: false,
      error: { code: 'not_found' },
    });
    socket.close();
  });

  it('shows who is here within a moment of their coming and going', async () => {
    const host = await Person.register(server.url);
    const guest = await Person.register(server.url);
    const room = await host.createRoom();
    await host.invite(room.id, guest);
    const socket = await host.connect();
    let status: string | undefined;
    socket.on('room_update', ({ members }) => (status = members.find(({ id }) => id === guest.id)?.status));
    await accepted(socket, 'join_room', { roomId: room.id });
    const other = await guest.connect();
    await eventually(() => status === 'active');
    await accepted(other, 'set_presence', { status: 'idle' });
    await eventually(() => status === 'idle');
    other.close();
    await eventually(() => status === 'offline');
    socket.close();
  });
});
