import { randomBytes, randomUUID } from 'node:crypto';
import type { Attachment, ChatMessage, NewAgent, RoomState } from '@clawtank/contracts';
import pg from 'pg';
import { PlainSpectator, SocketIoSpectator, type TestSpectator } from '../spectators/spectators.support.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { Follower } from '../support/follower.js';
import { accepted, connect, eventually, Person, type RoomSocket } from '../support/people.js';
import { describeWithRedis } from '../support/redis.js';
import { ServerProcess } from '../support/server-process.js';
import { keysWith, tablesWith } from '../support/traces.js';

const SECRETS = {
  JWT_SECRET: 'a-test-signing-key-of-no-value-0123456789',
  ENCRYPTION_KEY: '0123456789abcdef'.repeat(4),
};

/** How long a deleted message may still be found anywhere. */
const GONE_WITHIN_MS = 2000;

describeWithRedis('A deleted message, on two processes', (redis) => {
  let database: TestDatabase;
  let left: ServerProcess;
  let right: ServerProcess;
  let ann: Person;
  let bob: Person;
  let roomId: string;
  let agent: NewAgent;
  const sockets: RoomSocket[] = [];
  const spectators: TestSpectator[] = [];
  const kept = async (socket: Promise<RoomSocket>): Promise<RoomSocket> => {
    sockets.push(await socket);
    return socket;
  };
  const watching = <Spectator extends TestSpectator>(spectator: Spectator): Spectator => {
    spectators.push(spectator);
    return spectator;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    const env = { DATABASE_URL: database.url, REDIS_URL: redis.url, REDIS_PREFIX: redis.prefix, ...SECRETS };
    [left, right] = await Promise.all([ServerProcess.start(env), ServerProcess.start(env)]);
    ann = await Person.register(left.url);
    bob = (await Person.register(left.url)).at(right.url);
    ({ id: roomId } = await ann.createRoom({ visibility: 'public' }));
    await ann.invite(roomId, bob);
    agent = await ann.bringAgent(roomId);
  }, 120_000);

  afterAll(async () => {
    sockets.forEach((socket) => socket.close());
    await Promise.all(spectators.filter(({ closed }) => closed === null).map((spectator) => spectator.leave()));
    await Promise.all([left.stop(), right.stop()]);
    left.removeData();
    right.removeData();
    await database.drop();
  });

  /** Everything that somebody could ask for over HTTP and that might tell what was said. */
  const answersOver = async (person: Person, word: string, messageIds: readonly string[], files: readonly string[]) => {
    const room = `/api/rooms/${roomId}`;
    const routes = [
      room,
      '/api/rooms?scope=mine',
      `${room}/messages?limit=200`,
      `${room}/messages?pinned=true`,
      ...messageIds.flatMap((id) => [
        `${room}/messages/${id}`,
        `${room}/messages/${id}/history`,
        `${room}/messages?threadId=${id}`,
      ]),
      `${room}/activity?limit=200`,
      `${room}/tasks`,
      ...(await person.request<{ id: string }[]>('GET', `${room}/tasks`)).map(({ id }) => `${room}/tasks/${id}`),
      `${room}/export`,
      `/api/search?q=${word}`,
      '/api/me/notifications',
      '/api/me/badges',
      ...files,
    ];
    const found: string[] = [];
    for (const route of routes) {
      const response = await fetch(`${person.url}${route}`, { headers: { authorization: `Bearer ${person.token}` } });
      if ((await response.text()).includes(word)) {
        found.push(route);
      }
    }
    return found;
  };

  const upload = async (person: Person, name: string, text: string): Promise<Attachment> => {
    const response = await fetch(`${person.url}/api/rooms/${roomId}/attachments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${person.token}`, 'x-file-name': name },
      body: text,
    });
    return (await response.json()) as Attachment;
  };

  /** Writes a preview as the server does that has fetched a page; it would not go to one on this machine. */
  const preview = async (messageId: string, word: string): Promise<void> => {
    const client = new pg.Client(database.url);
    await client.connect();
    const told = { url: `https://example.com/${word}`, title: `All about ${word}`, description: word, site: word };
    await client.query(
      `WITH head AS (UPDATE rooms SET last_seq = last_seq + 1 WHERE id = $1 RETURNING last_seq)
       INSERT INTO room_events (room_id, seq, id, type, actor_type, actor_name, payload, visibility, created_at)
       SELECT $1, last_seq, gen_random_uuid(), 'chat.previewed', 'system', 'ClawTank', $2, 'members', now() FROM head`,
      [roomId, { messageId, preview: told }],
    );
    await client.query(
      `INSERT INTO message_previews (message_id, url, title, description, site) VALUES ($1, $2, $3, $4, $5)`,
      [messageId, told.url, told.title, told.description, told.site],
    );
    await client.end();
  };

  /** What members hear who join now: anew, and from where they were before. */
  const heardBySockets = async (word: string, before: RoomState) => {
    const found: string[] = [];
    for (const url of [left.url, right.url]) {
      for (const from of [undefined, { lastSeq: before.seq, epoch: before.epoch, state: before }]) {
        const socket = await kept(ann.at(url).connect());
        const heard: unknown[] = [];
        socket.onAny((...push) => heard.push(push));
        const follower = await Follower.join(socket, roomId, from);
        await follower.reach(follower.joins[0]!.seq);
        if (JSON.stringify([heard, follower.state]).includes(word)) {
          found.push(`${from ? 'recovering' : 'fresh'} member`);
        }
        socket.close();
      }
      const socket = await connect(url, '/agents', agent.token);
      const reminded: unknown[] = [];
      socket.onAny((...push) => reminded.push(push));
      await accepted(socket, 'join_room', { roomId });
      await accepted(socket, 'agent_register', { capabilities: [] });
      if (JSON.stringify(reminded).includes(word)) {
        found.push('agent');
      }
      socket.close();
    }
    return found;
  };

  /** What strangers see who come now: anew, and from where they were before. */
  const seenBySpectators = async (word: string, resume: { last_public_seq: number; epoch: string }) => {
    const found: string[] = [];
    for (const url of [left.url, right.url]) {
      for (const [name, spectator, isRecovering] of [
        ['plain', new PlainSpectator(url, roomId), false],
        ['Socket.IO', new SocketIoSpectator(url, roomId), false],
        ['recovering plain', new PlainSpectator(url, roomId, resume), true],
        ['recovering Socket.IO', new SocketIoSpectator(url, roomId, resume), true],
      ] as const) {
        watching(spectator);
        const { recovered, public_seq } = await spectator.welcome();
        expect(recovered).toBe(isRecovering);
        if (isRecovering) {
          await spectator.until(() => spectator.events.some(({ type }) => type === 'chat.deleted') && public_seq >= 0);
        }
        if (spectator.raw.includes(word)) {
          found.push(`${name} spectator`);
        }
        await spectator.leave();
      }
    }
    return found;
  };

  it('is gone within two seconds from everywhere', async () => {
    const word = `canary${randomBytes(8).toString('hex')}`;
    const [here, there] = [await kept(ann.connect()), await kept(bob.connect())];
    const agentSocket = await kept(connect(left.url, '/agents', agent.token));
    const followers = [await Follower.join(here, roomId), await Follower.join(there, roomId)];
    const before = structuredClone(followers[0]!.state);
    const early = [left, right].flatMap(({ url }) => [
      watching(new PlainSpectator(url, roomId)),
      watching(new SocketIoSpectator(url, roomId)),
    ]);
    const welcomes = await Promise.all(early.map((spectator) => spectator.welcome()));
    const resume = { last_public_seq: welcomes[0]!.public_seq, epoch: welcomes[0]!.epoch };

    const said: ChatMessage[] = [];
    const say = async (socket: RoomSocket, message: string, more: object = {}) => {
      said.push(await accepted(socket, 'chat_message', { roomId, message, clientMessageId: randomUUID(), ...more }));
      return said.at(-1)!.id;
    };
    const plain = await say(here, `a plain message with ${word} in it`);
    const edited = await say(there, 'an innocent message');
    const commandId = (): string => randomUUID();
    await accepted(there, 'edit_message', {
      roomId,
      messageId: edited,
      message: `${word} edited in`,
      commandId: commandId(),
    });
    await accepted(there, 'edit_message', {
      roomId,
      messageId: edited,
      message: `and out again`,
      commandId: commandId(),
    });
    await say(there, `> ${word}\n\nquoted`, { replyTo: plain });
    await say(here, `https://example.com/${word} in a thread`, { threadId: plain });
    const linked = await say(there, 'look at this');
    await preview(linked, word);
    await followers[0]!.until(({ messages }) => messages.some((one) => one.preview?.site === word));
    const files = [
      await upload(ann, `${word}.txt`, `a file about ${word}`),
      await upload(ann, `${word}.md`, 'unsuspicious'),
    ];
    await say(here, 'with files', { attachmentIds: files.map(({ id }) => id) });
    const addresses = files.map(({ url }) => url);
    await accepted(there, 'react', { roomId, messageId: plain, emoji: '👍', on: true, commandId: commandId() });
    await accepted(here, 'pin_message', { roomId, messageId: plain, pinned: true, commandId: commandId() });
    await say(there, `@${ann.name} @here do you see ${word}?`, { visibility: 'members' });
    await say(here, `@${agent.agent.name} please write ${word} into the readme`);
    await followers[0]!.until(({ tasks }) => tasks.length > 0);
    const task = await accepted(here, 'create_task', { roomId, description: 'look around', agentId: agent.agent.id });
    const { lease } = await accepted(agentSocket, 'claim_task', { roomId, taskId: followers[0]!.state.tasks[0]!.id });
    await accepted(agentSocket, 'task_progress', {
      roomId,
      taskId: lease.taskId,
      leaseId: lease.leaseId,
      note: 'reading',
      commandId: commandId(),
    });

    // It is where it is looked for afterwards: everything below would find it.
    const ids = said.map(({ id }) => id);
    expect(await tablesWith(database.url, word)).toEqual(
      expect.arrayContaining([
        'attachments',
        'message_previews',
        'message_versions',
        'messages',
        'room_events',
        'tasks',
      ]),
    );
    const told = await answersOver(ann, word, ids, addresses);
    expect(told).toEqual(
      expect.arrayContaining([
        ...['messages?limit=200', `messages/${plain}`, `messages/${edited}/history`, `tasks/${task.id}`, 'export'].map(
          (path) => `/api/rooms/${roomId}/${path}`,
        ),
        `/api/search?q=${word}`,
        addresses[0],
      ]),
    );
    expect((await keysWith(redis, word)).length).toBeGreaterThan(0);
    expect(await heardBySockets(word, before)).toEqual(expect.arrayContaining(['fresh member', 'recovering member']));
    for (const spectator of early) {
      await spectator.until(() => spectator.raw.includes(word));
    }

    await Promise.all(
      said.map(({ id, userId }) =>
        accepted(userId === ann.id ? here : there, 'delete_message', { roomId, messageId: id, commandId: commandId() }),
      ),
    );
    await new Promise((resolve) => setTimeout(resolve, GONE_WITHIN_MS));

    expect(await tablesWith(database.url, word)).toEqual([]);
    expect(await keysWith(redis, word)).toEqual([]);
    for (const person of [ann, ann.at(right.url), bob]) {
      expect(await answersOver(person, word, ids, addresses)).toEqual([]);
    }
    expect(await heardBySockets(word, before)).toEqual([]);
    expect(await seenBySpectators(word, resume)).toEqual([]);
    // Those who were there heard that it is gone, and have nothing left of it.
    for (const follower of followers) {
      await eventually(() => !JSON.stringify(follower.state).includes(word));
      expect(follower.gaps).toBe(0);
    }
    for (const spectator of early) {
      const targets = spectator.events.flatMap((event) =>
        event.type === 'chat.deleted' ? [event.target_event_id] : [],
      );
      const shown = spectator.events.flatMap((event) =>
        event.type === 'chat.public' && event.content.includes(word) ? [event.event_id] : [],
      );
      expect(targets).toEqual(expect.arrayContaining(shown));
      expect(shown.length).toBeGreaterThan(3);
    }
  }, 90_000);

  it('is forgotten by a process that only heard of it', async () => {
    const word = `canary${randomBytes(8).toString('hex')}`;
    const [here, there] = [await kept(ann.connect()), await kept(bob.connect())];
    const follower = await Follower.join(there, roomId);
    const before = structuredClone(follower.state);
    const { id: messageId } = await accepted(here, 'chat_message', { roomId, message: word });
    await accepted(here, 'chat_message', { roomId, message: 'something else' });
    await accepted(here, 'delete_message', { roomId, messageId });
    const isDeleted = ({ events }: Follower) =>
      events.some(({ type, data }) => type === 'chat.deleted' && data.messageId === messageId);
    await follower.until(() => isDeleted(follower));
    const socket = await kept(bob.connect());
    const recovering = await Follower.join(socket, roomId, { lastSeq: before.seq, epoch: before.epoch, state: before });
    expect(recovering.joins[0]?.recovered).toBe(true);
    await recovering.until(() => isDeleted(recovering));
    expect(recovering.gaps).toBe(0);
    expect(JSON.stringify(recovering.events)).not.toContain(word);
  });
});
