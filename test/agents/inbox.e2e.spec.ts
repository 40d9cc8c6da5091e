import type { ChatMessage, InboxItem, InboxPage, NewAgent, Room, RoomChange, RoomState } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, connect, eventually, Person, request, type RoomSocket } from '../support/people.js';

describe('what is addressed to an agent', () => {
  let server: TestServer;
  let host: Person;
  let socket: RoomSocket;
  let room: Room;
  let helper: NewAgent;
  let other: NewAgent;
  let agent: RoomSocket;

  const name = () => helper.agent.name;
  const say = (message: string, more: object = {}): Promise<ChatMessage> =>
    accepted(socket, 'chat_message', { roomId: room.id, message, ...more });
  const read = (after = 0): Promise<InboxPage> => accepted(agent, 'read_inbox', { after });
  const kindsOf = ({ items }: InboxPage) => items.map(({ kind }) => kind);
  const textOf = ({ event, direct }: InboxItem) =>
    event?.type === 'chat.message' ? event.data.message.message : direct?.message;
  const textsOf = ({ items }: InboxPage) => items.map(textOf);

  beforeAll(async () => {
    server = await startTestServer();
    host = await Person.register(server.url);
    socket = await host.connect();
  });
  afterAll(async () => {
    socket.close();
    await server.close();
  });
  beforeEach(async () => {
    room = await host.createRoom();
    helper = await host.bringAgent(room.id);
    other = await host.bringAgent(room.id);
    agent = await connect(server.url, '/agents', helper.token);
    await accepted(agent, 'ack_inbox', { upTo: 1 }); // the news of its seat
  });
  afterEach(() => agent.close());

  describe('is marked as such, for that agent alone,', () => {
    const follow = async (token: string) => {
      const follower = await connect(server.url, '/agents', token);
      const messages: ChatMessage[] = [];
      const changes: RoomChange[] = [];
      follower.on('message_broadcast', ({ message }) => messages.push(message));
      follower.on('activity_update', ({ activity }) => changes.push(...activity));
      return { follower, messages, changes };
    };

    it('as it comes, over the socket', async () => {
      const [mine, theirs] = [await follow(helper.token), await follow(other.token)];
      const people: unknown[] = [];
      const listening = await host.connect();
      listening.on('message_broadcast', ({ message }) => people.push(message));
      listening.on('activity_update', ({ activity }) => people.push(...activity));
      for (const one of [mine.follower, theirs.follower, listening]) {
        await accepted(one, 'join_room', { roomId: room.id });
      }
      await say('Hello everybody');
      await say(`@${name()} hello`);
      const answer = await accepted(agent, 'chat_message', { roomId: room.id, message: 'Hello' });
      await say('Good', { replyTo: answer.id });
      await say('@here we go');
      await accepted(socket, 'create_task', { roomId: room.id, description: 'Do it', agentId: helper.agent.id });
      await eventually(() =>
        [mine, theirs].every(({ changes }) => changes.some(({ type }) => type === 'task.created')),
      );
      expect(mine.messages.map(({ addressed }) => addressed)).toEqual([false, true, false, true, true]);
      expect(theirs.messages.map(({ addressed }) => addressed)).toEqual([false, false, false, false, true]);
      const created = ({ changes }: typeof mine) => changes.find(({ type }) => type === 'task.created');
      expect(created(mine)).toMatchObject({ addressed: true, trust: 'owner' });
      expect(created(theirs)).toMatchObject({ addressed: false, trust: 'owner' });
      await eventually(() => people.length >= 6);
      expect(people.some((told) => (told as { addressed?: unknown }).addressed !== undefined)).toBe(false);
      [mine.follower, theirs.follower, listening].forEach((one) => one.close());
    });

    it('in what it missed, in a snapshot and in what it asks for', async () => {
      const first = await follow(helper.token);
      const { seq, epoch } = await accepted(first.follower, 'join_room', { roomId: room.id });
      first.follower.close();
      await say('Hello everybody');
      await say(`@${name()} hello`);
      await accepted(socket, 'create_task', { roomId: room.id, description: 'Do it' });
      const flags = (messages: readonly ChatMessage[]) => messages.map(({ addressed }) => addressed);
      const recovering = await follow(helper.token);
      await accepted(recovering.follower, 'join_room', { roomId: room.id, lastSeq: seq, epoch });
      await eventually(() => recovering.changes.length > 0);
      expect(flags(recovering.messages)).toEqual([false, true]);
      expect(recovering.changes).toMatchObject([{ type: 'task.created', addressed: true, trust: 'owner' }]);
      recovering.follower.close();

      const anew = await follow(helper.token);
      const joined = new Promise<RoomState>((resolve) =>
        anew.follower.once('room_joined', ({ roomData }) => resolve(roomData!)),
      );
      await accepted(anew.follower, 'join_room', { roomId: room.id });
      const state = await joined;
      expect(flags(state.messages)).toEqual([false, true]);
      expect(state.activity.at(-1)).toMatchObject({ type: 'task.created', addressed: true, trust: 'owner' });
      anew.follower.close();

      const as = <Answer>(path: string, { token }: NewAgent = helper) =>
        request<Answer>(server.url, 'GET', `/api/rooms/${room.id}${path}`, { token });
      expect(await as('/state')).toMatchObject({ messages: [{ addressed: false }, { addressed: true }] });
      expect(await as('/messages', other)).toMatchObject({ messages: [{ addressed: false }, { addressed: false }] });
      const { activity } = await as<{ activity: RoomChange[] }>('/activity');
      expect(activity.at(-1)).toMatchObject({ type: 'task.created', addressed: true });
      const mine = await host.request<{ messages: ChatMessage[] }>('GET', `/api/rooms/${room.id}/messages`);
      expect(mine.messages.every((message) => !('addressed' in message))).toBe(true);
    });
  });

  describe('is kept in its inbox', () => {
    it('in order, over all rooms, while it is away; and nothing else is', async () => {
      agent.close();
      const second = await host.createRoom();
      await host.request('POST', `/api/rooms/${second.id}/agents/${helper.agent.id}`);
      await say('Not for you');
      await say(`@${other.agent.name} neither`);
      await say(`@${name()} one`);
      await accepted(socket, 'chat_message', { roomId: second.id, message: `@${name()} two` });
      await accepted(socket, 'direct_message', { roomId: room.id, toMemberId: helper.agent.id, message: 'three' });
      await accepted(socket, 'create_task', { roomId: room.id, description: 'Four', agentId: helper.agent.id });
      agent = await connect(server.url, '/agents', helper.token);
      const page = await read();
      expect(kindsOf(page)).toEqual(['seat_given', 'mention', 'mention', 'direct_message', 'task_offered']);
      expect(page.items.map(({ number }) => number)).toEqual([2, 3, 4, 5, 6]);
      expect(page.items.map(({ trust }) => trust)).toEqual(['owner', 'owner', 'owner', 'owner', 'owner']);
      expect(page).toMatchObject({ upTo: 6, hasMore: false, acknowledged: 1, forgottenUpTo: 0 });
      const rest = await request<InboxPage>(server.url, 'GET', '/api/agents/me/inbox?after=3', { token: helper.token });
      expect(rest).toEqual({ ...page, items: page.items.slice(2) });
    });

    it('until it is acknowledged, and never after; the cursor never moves back', async () => {
      for (const text of ['one', 'two', 'three']) {
        await say(`@${name()} ${text}`);
      }
      expect((await read()).items).toHaveLength(3);
      expect(await accepted(agent, 'ack_inbox', { upTo: 3 })).toMatchObject({ acknowledged: 3 });
      expect(textsOf(await read())).toEqual([`@${name()} three`]);
      expect(await accepted(agent, 'ack_inbox', { upTo: 2 })).toMatchObject({ acknowledged: 3 });
      expect(await accepted(agent, 'ack_inbox', { upTo: 1_000_000 })).toMatchObject({ acknowledged: 4 });
      await say(`@${name()} four`);
      expect(textsOf(await read())).toEqual([`@${name()} four`]);
      const foreign = { upTo: 5, epoch: '00000000-0000-4000-8000-000000000000' };
      expect(await accepted(agent, 'ack_inbox', foreign)).toMatchObject({ acknowledged: 4 });
    });

    it('page by page', async () => {
      for (let count = 1; count <= 5; count++) {
        await say(`@${name()} ${count}`);
      }
      const first = await accepted(agent, 'read_inbox', { limit: 2 });
      expect(first).toMatchObject({ upTo: 3, hasMore: true, items: [{ number: 2 }, { number: 3 }] });
      const last = await accepted(agent, 'read_inbox', { after: 5, limit: 2 });
      expect(last).toMatchObject({ upTo: 6, hasMore: false, items: [{ number: 6 }] });
    });

    it('but not what was taken back meanwhile', async () => {
      const message = await say(`@${name()} secret`);
      const direct = { roomId: room.id, toMemberId: helper.agent.id, message: 'another' };
      const said = await accepted(socket, 'direct_message', direct);
      const kept = await say(`@${name()} other`);
      await accepted(socket, 'edit_message', { roomId: room.id, messageId: kept.id, message: `@${name()} changed` });
      expect(textsOf(await read())).toEqual([`@${name()} secret`, 'another', `@${name()} changed`]);
      await accepted(socket, 'delete_message', { roomId: room.id, messageId: message.id });
      await accepted(socket, 'delete_direct_message', { roomId: room.id, messageId: said.id });
      expect(textsOf(await read())).toEqual([`@${name()} changed`]);
      const rows = await server.app
        .get(DataSource)
        .query<unknown[]>(`SELECT 1 FROM inbox_items WHERE agent_id = $1`, [helper.agent.id]);
      expect(rows).toHaveLength(1);
    });

    it('and goes with its seat, but for the news of that', async () => {
      const elsewhere = await host.createRoom();
      const seat = `/api/rooms/${elsewhere.id}/agents/${helper.agent.id}`;
      await host.request('POST', seat);
      await accepted(socket, 'chat_message', { roomId: elsewhere.id, message: `@${name()} there` });
      await accepted(socket, 'direct_message', { roomId: elsewhere.id, toMemberId: helper.agent.id, message: 'psst' });
      await say(`@${name()} here`);
      await host.request('DELETE', seat);
      const page = await read();
      expect(page.items.map(({ kind, roomId }) => [kind, roomId])).toEqual([
        ['mention', room.id],
        ['seat_lost', elsewhere.id],
      ]);
      await host.request('DELETE', `/api/rooms/${room.id}`);
      expect((await read()).items.map(({ kind, roomId, event }) => [kind, roomId, event?.type])).toEqual([
        ['seat_lost', elsewhere.id, 'agent.left'],
        ['seat_lost', room.id, undefined],
      ]);
    });

    it('says which mentions become tasks', async () => {
      await say(`@${name()} thanks!`);
      await say(`@${name()} write the manual`);
      await eventually(async () => kindsOf(await read()).includes('task_offered'));
      const { items } = await read();
      expect(items.map(({ kind, asksForWork }) => [kind, asksForWork])).toEqual([
        ['mention', false],
        ['mention', true],
        ['task_offered', false],
      ]);
    });

    it('is hinted at over the socket', async () => {
      const hinted = new Promise<{ epoch: string; head: number }>((resolve) => agent.once('inbox', resolve));
      await say(`@${name()} one`);
      expect(await hinted).toEqual({ epoch: (await read()).epoch, head: 2 });
    });

    it('without holes, ties or surprises while many rooms write at once and it is read', async () => {
      const rooms = [room, ...(await Promise.all(Array.from({ length: 5 }, () => host.createRoom())))];
      const agents = [helper, other];
      for (const { id } of rooms.slice(1)) {
        for (const one of agents) {
          await host.request('POST', `/api/rooms/${id}/agents/${one.agent.id}`);
        }
      }
      const before = (await read()).upTo;
      const seen: number[] = [];
      let isWriting = true;
      const reading = (async () => {
        for (let after = before; isWriting || (await read(after)).items.length > 0;) {
          const page = await read(after);
          seen.push(...page.items.map(({ number }) => number));
          after = page.upTo;
        }
      })();
      const sockets = await Promise.all(rooms.map(() => host.connect()));
      await Promise.all(
        rooms.map(async ({ id: roomId }, index) => {
          for (let count = 0; count < 20; count++) {
            const names = index % 2 === 0 ? agents : agents.toReversed();
            const message = `${names.map((one) => `@${one.agent.name}`).join(' ')} ${count}`;
            await accepted(sockets[index]!, 'chat_message', { roomId, message });
          }
        }),
      );
      isWriting = false;
      await reading;
      sockets.forEach((one) => one.close());
      const mentions = seen.filter((number) => number > before);
      expect(mentions.length).toBeGreaterThanOrEqual(120);
      expect(mentions).toEqual(Array.from({ length: mentions.length }, (_, index) => before + 1 + index));
    });
  });
});
