import { randomUUID } from 'node:crypto';
import type { ChatMessage } from '@clawtank/contracts';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { Follower } from '../support/follower.js';
import { accepted, command, connect, eventually, Person, type RoomSocket } from '../support/people.js';
import { describeWithRedis } from '../support/redis.js';
import { ServerProcess } from '../support/server-process.js';

const SECRETS = {
  JWT_SECRET: 'a-test-signing-key-of-no-value-0123456789',
  ENCRYPTION_KEY: '0123456789abcdef'.repeat(4),
};

describeWithRedis('two processes on one database and one Redis', (redis) => {
  let database: TestDatabase;
  let env: Record<string, string>;
  let left: ServerProcess;
  let right: ServerProcess;
  let ann: Person;
  let bob: Person;
  const sockets: RoomSocket[] = [];
  const connected = async (socket: Promise<RoomSocket>): Promise<RoomSocket> => {
    sockets.push(await socket);
    return socket;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    env = { DATABASE_URL: database.url, REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix, ...SECRETS };
    // Both migrate the same empty database at once.
    [left, right] = await Promise.all([ServerProcess.start(env), ServerProcess.start(env)]);
    ann = await Person.register(left.url);
    bob = (await Person.register(left.url)).at(right.url);
  }, 120_000);

  afterAll(async () => {
    sockets.forEach((socket) => socket.close());
    await Promise.all([left.stop(), right.stop()]);
    left.removeData();
    right.removeData();
    await database.drop();
  });

  const sharedRoom = async () => {
    const room = await ann.createRoom();
    const { token } = await ann.request<{ token: string }>('POST', `/api/rooms/${room.id}/invitations`, {});
    await bob.request('POST', `/api/invitations/${token}/accept`);
    return room;
  };

  it('gives racing writers one gapless order that everybody sees alike', async () => {
    const room = await sharedRoom();
    const [here, there] = [await connected(ann.connect()), await connected(bob.connect())];
    const followers = [await Follower.join(here, room.id), await Follower.join(there, room.id)];
    const start = followers[0]!.state.seq;
    await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        accepted(index % 2 ? here : there, 'chat_message', { roomId: room.id, message: `message ${index}` }),
      ),
    );
    for (const follower of followers) {
      await follower.reach(start + 200);
      expect(follower.gaps).toBe(0);
    }
    const [a, b] = followers.map(({ events }) =>
      events.filter(({ seq }) => seq > start && seq <= start + 200).map(({ id, seq }) => `${seq} ${id}`),
    );
    expect(a).toHaveLength(200);
    expect(b).toEqual(a);
  });

  it('answers fifty repeats of one message, sent to both, with one message', async () => {
    const room = await sharedRoom();
    const [here, there] = [await connected(ann.connect()), await connected(ann.at(right.url).connect())];
    const clientMessageId = randomUUID();
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        accepted(index % 2 ? here : there, 'chat_message', { roomId: room.id, message: 'once', clientMessageId }),
      ),
    );
    expect(new Set(replies.map(({ id, seq }) => `${id} ${seq}`)).size).toBe(1);
    const { messages } = await bob.request<{ messages: ChatMessage[] }>('GET', `/api/rooms/${room.id}/messages`);
    expect(messages).toHaveLength(1);
  });

  it('gives a task to exactly one of ten racing agents', async () => {
    const room = await sharedRoom();
    const agents = await Promise.all(Array.from({ length: 10 }, () => ann.bringAgent(room.id)));
    const agentSockets = await Promise.all(
      agents.map(({ token }, index) => connected(connect(index % 2 ? left.url : right.url, '/agents', token))),
    );
    const person = await connected(ann.connect());
    const task = await accepted(person, 'create_task', { roomId: room.id, description: 'race for this' });
    const claims = await Promise.all(
      agentSockets.map((socket) => command(socket, 'claim_task', { roomId: room.id, taskId: task.id })),
    );
    expect(claims.filter(({ ok }) => ok)).toHaveLength(1);
    expect(claims.flatMap((claim) => (claim.ok ? [] : [claim.error.code]))).toEqual(
      Array.from({ length: 9 }, () => 'task_not_open'),
    );
  });

  it('tells an agent at one process of a task made at the other', async () => {
    const room = await sharedRoom();
    const { agent, token } = await ann.bringAgent(room.id);
    const agentSocket = await connected(connect(right.url, '/agents', token));
    const assigned = new Promise<{ taskId: string }>((resolve) => agentSocket.once('task_assignment', resolve));
    const task = await accepted(await connected(ann.connect()), 'create_task', {
      roomId: room.id,
      description: 'over there',
      agentId: agent.id,
    });
    expect((await assigned).taskId).toBe(task.id);
  });

  it('closes the sockets of somebody who signs out, wherever they are', async () => {
    const carl = await Person.register(left.url);
    const socket = await connected(carl.at(right.url).connect());
    const closed = new Promise((resolve) => socket.once('disconnect', resolve));
    await fetch(`${left.url}/api/users/${carl.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${carl.token}` },
    });
    expect(await closed).toBe('io server disconnect');
  });

  it('shows presence across processes', async () => {
    const room = await sharedRoom();
    const dora = await Person.register(left.url);
    await ann.invite(room.id, dora);
    let status: string | undefined;
    const here = await connected(ann.connect());
    here.on('room_update', ({ members }) => (status = members.find(({ id }) => id === dora.id)?.status));
    await accepted(here, 'join_room', { roomId: room.id });
    const there = await connected(dora.at(right.url).connect());
    await eventually(() => status === 'active');
    there.close();
    await eventually(() => status === 'offline');
  });

  it('loses nothing that was acknowledged by a process that is killed in mid-stream', async () => {
    const room = await sharedRoom();
    const watcher = await Follower.join(await connected(bob.connect()), room.id);
    const acknowledged: ChatMessage[] = [];
    for (let round = 0; round < 3; round++) {
      const doomed = await ServerProcess.start(env);
      const socket = await connected(ann.at(doomed.url).connect());
      const writing = Array.from({ length: 100 }, (_, index) =>
        command(socket, 'chat_message', {
          roomId: room.id,
          message: `round ${round} message ${index}`,
          clientMessageId: `round-${round}-message-${index}`,
        })
          .then((reply) => reply.ok && acknowledged.push(reply.data))
          .catch(() => undefined),
      );
      await eventually(
        () => acknowledged.length > round * 100 + 20 + round * 7 || acknowledged.length >= (round + 1) * 30,
      );
      await doomed.kill();
      doomed.removeData();
      socket.close();
      await Promise.race([Promise.all(writing), new Promise((resolve) => setTimeout(resolve, 500))]);
    }
    const head = Math.max(...acknowledged.map(({ seq }) => seq));
    await watcher.reach(head);
    expect(watcher.gaps).toBe(0);
    const seen = new Map(watcher.events.map((event) => [event.seq, event.id]));
    for (const { seq, id } of acknowledged) {
      expect(seen.get(seq)).toBe(id);
    }
    expect(watcher.events.map(({ seq }) => seq)).toEqual(
      watcher.events.map((_, index) => watcher.events[0]!.seq + index),
    );
  }, 120_000);
});
