import type { NewAgent, Room, Task } from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import type { Pool } from 'pg';
import { EventWaits } from '../../apps/api/src/mcp/waits/event-waits.js';
import { SweepInboxes } from '../../apps/api/src/rooms/inbox/sweep-inboxes.jobs.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, eventually, Person, type RoomSocket } from '../support/people.js';
import { aKey, type Era, ERAS, McpAgent, post, type Waited } from './mcp.support.js';

const kindsOf = ({ events }: Waited): string[] => events.map(({ kind }) => kind);

describe('waiting for events', () => {
  let server: TestServer;
  let host: Person;
  let socket: RoomSocket;
  let room: Room;
  let helper: NewAgent;
  let agent: McpAgent;
  const agents: McpAgent[] = [];

  const speak = async (token: string, era?: Era) => {
    const connected = await McpAgent.connect(server, token, era);
    agents.push(connected);
    return connected;
  };
  const say = (message: string, more: object = {}) =>
    accepted(socket, 'chat_message', { roomId: room.id, message, ...more });
  const offer = (agentId?: string): Promise<Task> =>
    accepted(socket, 'create_task', {
      roomId: room.id,
      description: 'Fix it',
      ...(agentId !== undefined && { agentId }),
    });
  const now = async (of = agent) => (await of.ask('wait_for_events', { timeoutSeconds: 0 })).cursor;
  const waits = () => server.app.get(EventWaits).countOf(helper.agent.id);
  const isWaiting = () => eventually(() => waits() > 0);

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
    agent = await speak(helper.token);
  });
  afterEach(async () => {
    await Promise.all(agents.splice(0).map((connected) => connected.close()));
  });

  describe('ends as soon as', () => {
    /** Lets something happen meanwhile, and answers what the wait came to. */
    const meanwhile = async (happens: () => Promise<unknown>): Promise<Waited> => {
      const waiting = agent.ask('wait_for_events', { after: await now() });
      await isWaiting();
      await happens();
      return waiting;
    };
    let since = 0;
    beforeEach(() => (since = performance.now()));
    afterEach(() => expect(performance.now() - since).toBeLessThan(15_000)); // and not when its time is over

    it('somebody mentions the agent', async () => {
      const waited = await meanwhile(() => say(`What do you think, @${helper.agent.name}?`));
      expect(waited.events).toMatchObject([
        { kind: 'mention', roomId: room.id, message: { trust: 'owner', author: { name: host.name } } },
      ]);
    });

    it('somebody answers what the agent said', async () => {
      const { message } = await agent.ask('post_message', {
        roomId: room.id,
        text: 'Done',
        clientMessageId: aKey(),
      });
      const waited = await meanwhile(async () => {
        await say('Unrelated');
        await say('Thank you', { replyTo: message.id });
      });
      expect(waited.events).toMatchObject([{ kind: 'answer', message: { text: 'Thank you' } }]);
      const inThread = await meanwhile(() => say('One more thing', { threadId: message.id }));
      expect(inThread.events).toMatchObject([{ kind: 'answer', message: { text: 'One more thing' } }]);
    });

    it('a task is offered, opened to everybody, or cancelled', async () => {
      expect(kindsOf(await meanwhile(() => offer(helper.agent.id)))).toEqual(['task_offered']);
      let open: Task | undefined;
      expect(kindsOf(await meanwhile(async () => (open = await offer())))).toEqual(['task_open']);
      const task = { roomId: room.id, taskId: open!.id };
      await agent.ask('claim_task', { ...task, idempotencyKey: aKey() });
      const waited = await meanwhile(() => accepted(socket, 'cancel_task', task));
      expect(waited.events).toMatchObject([{ kind: 'task_cancelled', task: { id: task.taskId, state: 'cancelled' } }]);
    });

    it('its lease is lost', async () => {
      const { id: taskId } = await offer(helper.agent.id);
      await agent.ask('claim_task', { roomId: room.id, taskId, idempotencyKey: aKey() });
      const silence = `UPDATE tasks SET lease_expires_at = now() WHERE id = $1`;
      const waited = await meanwhile(() => server.app.get(DataSource).query(silence, [taskId]));
      expect(waited.events).toMatchObject([
        { kind: 'lease_lost', task: { id: taskId, state: 'open' }, note: `${helper.agent.name} fell silent` },
      ]);
    });

    it('it is given a seat in another room, or loses one', async () => {
      const other = await host.createRoom();
      const given = await meanwhile(() => host.request('POST', `/api/rooms/${other.id}/agents/${helper.agent.id}`));
      expect(given.events).toMatchObject([{ kind: 'seat_given', roomId: other.id }]);
      const waiting = agent.ask('wait_for_events', { after: given.cursor });
      await isWaiting();
      await host.request('DELETE', `/api/rooms/${other.id}/agents/${helper.agent.id}`);
      await accepted(socket, 'chat_message', { roomId: other.id, message: `@${helper.agent.name} are you gone?` });
      const lost = await waiting;
      expect(lost.events).toMatchObject([{ kind: 'seat_lost', roomId: other.id }]);
      expect((await agent.ask('wait_for_events', { after: lost.cursor, timeoutSeconds: 1 })).events).toEqual([]);
    });

    it('its room is deleted', async () => {
      const waited = await meanwhile(() => host.request('DELETE', `/api/rooms/${room.id}`));
      expect(waited.events).toMatchObject([{ kind: 'seat_lost', roomId: room.id }]);
    });
  });

  it('says at first what waits already, and what the agent holds', async () => {
    const [held, offered, open] = [await offer(helper.agent.id), await offer(helper.agent.id), await offer()];
    await agent.ask('claim_task', { roomId: room.id, taskId: held.id, idempotencyKey: aKey() });
    const { events } = await agent.ask('wait_for_events');
    expect(events.map(({ kind, task }) => [kind, task?.id])).toEqual([
      ['seat_given', undefined],
      ['task_offered', held.id],
      ['task_offered', offered.id],
      ['task_open', open.id],
      ['task_held', held.id],
    ]);
  });

  it('leaves alone what is for others, and what the agent did itself', async () => {
    const after = await now();
    const other = await host.bringAgent(room.id);
    await say(`@${other.agent.name} and everybody`);
    await offer(other.agent.id);
    const said = await say('A question');
    await say('An answer', { replyTo: said.id });
    const mine = { roomId: room.id, text: `I am @${helper.agent.name}`, clientMessageId: aKey() };
    await agent.ask('post_message', mine);
    const { id: taskId } = await offer();
    const { lease } = await agent.ask('claim_task', { roomId: room.id, taskId, idempotencyKey: aKey() });
    await agent.ask('release_task', { roomId: room.id, taskId, leaseId: lease.leaseId, idempotencyKey: aKey() });
    const waited = await agent.ask('wait_for_events', { after, timeoutSeconds: 1 });
    expect(kindsOf(waited)).toEqual(['task_open']); // when it was made, and nothing since
  });

  it.each(ERAS)(
    'misses nothing and tells nothing twice while messages come and waits end, in the %s era',
    async (era) => {
      const waiter = await speak(helper.token, era);
      const COUNT = 40;
      let after = await now(waiter);
      const heard: string[] = [];
      const talk = (async () => {
        for (let count = 1; count <= COUNT; count++) {
          await say(`@${helper.agent.name} ${count}`);
          await new Promise((resolve) => setTimeout(resolve, (count * 7) % 30));
        }
      })();
      while (heard.length < COUNT) {
        const waited = await waiter.ask('wait_for_events', { after, timeoutSeconds: 5 });
        heard.push(...waited.events.map(({ message }) => message?.text.split(' ')[1] ?? ''));
        after = waited.cursor;
      }
      await talk;
      expect(heard).toEqual(Array.from({ length: COUNT }, (_, index) => String(index + 1)));
      expect(await waiter.ask('wait_for_events', { after, timeoutSeconds: 0 })).toMatchObject({ events: [] });
    },
  );

  it('goes on from its cursor after a while, in every room and in rooms that came since', async () => {
    const after = await now();
    const later = await host.createRoom();
    await host.request('POST', `/api/rooms/${later.id}/agents/${helper.agent.id}`);
    await say(`@${helper.agent.name} one`);
    await accepted(socket, 'chat_message', { roomId: later.id, message: `@${helper.agent.name} two` });
    const { events } = await agent.ask('wait_for_events', { after });
    expect(events.map(({ kind, roomId }) => `${kind} ${roomId}`).sort()).toEqual(
      [`mention ${room.id}`, `mention ${later.id}`, `seat_given ${later.id}`].sort(),
    );
  });

  it('tells nothing of what happened while the agent had no seat', async () => {
    const after = await now();
    const seat = `/api/rooms/${room.id}/agents/${helper.agent.id}`;
    await say(`@${helper.agent.name} before`);
    await host.request('DELETE', seat); // and what was said before goes with it
    await offer();
    await host.request('POST', seat);
    await say(`@${helper.agent.name} after`);
    const first = await agent.ask('wait_for_events', { after });
    const told = first.events.map(({ kind, message }) => message?.text.split(' ')[1] ?? kind);
    expect(told).toEqual(['seat_lost', 'seat_given', 'after']);
  });

  it('tells no more at once than a model can read, and the rest the next time', async () => {
    const after = await now();
    const questions = Array.from({ length: 60 }, (_, index) => `@${helper.agent.name} ${index}`);
    for (const question of questions) {
      await say(question);
    }
    const first = await agent.ask('wait_for_events', { after });
    const second = await agent.ask('wait_for_events', { after: first.cursor });
    expect([first.events.length, second.events.length]).toEqual([50, 10]);
    expect([...first.events, ...second.events].map(({ message }) => message?.text)).toEqual(questions);
  });

  it('waits for one room only if it is told so, and forgets nothing of the others', async () => {
    const other = await host.createRoom();
    await host.request('POST', `/api/rooms/${other.id}/agents/${helper.agent.id}`);
    const after = await now();
    await accepted(socket, 'chat_message', { roomId: other.id, message: `@${helper.agent.name} elsewhere` });
    await say(`@${helper.agent.name} here`);
    const here = await agent.ask('wait_for_events', { after, roomId: room.id });
    expect(here.events).toMatchObject([{ message: { text: `@${helper.agent.name} here` } }]);
    const elsewhere = await agent.ask('wait_for_events', { after: here.cursor });
    expect(elsewhere.events).toMatchObject([{ message: { text: `@${helper.agent.name} elsewhere` } }]);
  });

  it('tells once more what was not dealt with, and only that, to whoever comes without a cursor', async () => {
    const after = await now();
    await say(`@${helper.agent.name} one`);
    const first = await agent.ask('wait_for_events', { after });
    await say(`@${helper.agent.name} two`);
    const texts = ({ events }: Waited) => events.flatMap(({ message }) => message?.text.split(' ')[1] ?? []);
    expect(texts(await agent.ask('wait_for_events'))).toEqual(['one', 'two']);
    const second = await agent.ask('wait_for_events', { after: first.cursor });
    expect(texts(second)).toEqual(['two']);
    expect(texts(await agent.ask('wait_for_events'))).toEqual(['two']);
    await agent.ask('wait_for_events', { after: second.cursor, timeoutSeconds: 0 });
    expect(texts(await agent.ask('wait_for_events', { timeoutSeconds: 0 }))).toEqual([]);
  });

  it('says so if the inbox was replaced or what came is too old to be told, and begins again from what there is', async () => {
    const { id } = await offer(helper.agent.id);
    const database = server.app.get(DataSource);
    const after = await now();
    await say(`@${helper.agent.name} one`);
    // As after a restore.
    await database.query(`UPDATE agent_inboxes SET epoch = gen_random_uuid() WHERE agent_id = $1`, [helper.agent.id]);
    const anew = await agent.ask('wait_for_events', { after });
    expect(anew).toMatchObject({ missed: true });
    expect(anew.events).toMatchObject([{ kind: 'seat_given' }, { task: { id } }, { kind: 'mention' }]);
    expect(await agent.ask('wait_for_events', { after: anew.cursor, timeoutSeconds: 0 })).toMatchObject({
      missed: false,
      events: [],
    });
    await say(`@${helper.agent.name} two`);
    const old = `UPDATE inbox_items SET created_at = now() - interval '31 days' WHERE agent_id = $1`;
    await database.query(old, [helper.agent.id]);
    await server.app.get(SweepInboxes, { strict: false }).sweep();
    await say(`@${helper.agent.name} three`);
    const late = await agent.ask('wait_for_events', { after: anew.cursor });
    expect(late).toMatchObject({ missed: true, events: [{ message: { text: `@${helper.agent.name} three` } }] });
  });

  it('hears that all agents of a room are to rest, and that they may go on', async () => {
    const after = await now();
    const pause = (agentsPaused: boolean) =>
      host.request('PUT', `/api/rooms/${room.id}`, { settings: { agentsPaused } });
    await pause(true);
    const paused = await agent.ask('wait_for_events', { after });
    expect(kindsOf(paused)).toEqual(['paused']);
    await pause(false);
    expect(kindsOf(await agent.ask('wait_for_events', { after: paused.cursor }))).toEqual(['resumed']);
  });

  it('ends when its time is over, with a cursor and nothing else', async () => {
    const since = performance.now();
    const waited = await agent.ask('wait_for_events', { after: await now(), timeoutSeconds: 1 });
    expect(waited).toEqual({ events: [], cursor: expect.any(String) as string, missed: false });
    expect(performance.now() - since).toBeGreaterThan(900);
    expect(waits()).toBe(0);
  });

  it('lets go of a client that goes away', async () => {
    const [leaving, leavingToo] = [new AbortController(), new AbortController()];
    const gone = agent.ask('wait_for_events', { after: await now() }, leaving.signal).catch(() => 'gone');
    const call = { name: 'wait_for_events', arguments: { after: await now() } };
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: call };
    const goneToo = post(server, helper.token, message, { signal: leavingToo.signal })
      .then((response) => response.text())
      .catch(() => 'gone');
    await eventually(() => waits() === 2);
    leaving.abort();
    await eventually(() => waits() === 1, 1000);
    leavingToo.abort();
    await eventually(() => waits() === 0, 1000);
    expect(await Promise.all([gone, goneToo])).toEqual(['gone', 'gone']);
  });

  describe('ends within a second for an agent that', () => {
    const cutOff = async (era: Era, cut: (owner: Person, bystander: Person) => Promise<unknown>) => {
      const owner = await Person.register(server.url);
      await host.invite(room.id, owner);
      const doomed = await owner.bringAgent(room.id);
      const client = await speak(doomed.token, era);
      const waiting = client.ask('wait_for_events', { after: await now(client) }).then(
        (waited) => ({ waited }),
        (error: unknown) => ({ error }),
      );
      await eventually(() => server.app.get(EventWaits).countOf(doomed.agent.id) > 0);
      const since = performance.now();
      await cut(owner, host);
      await say(`@${doomed.agent.name} are you there?`);
      expect(await waiting).toMatchObject({ error: { error: 'unauthenticated' } });
      expect(performance.now() - since).toBeLessThan(1000);
      expect(server.app.get(EventWaits).countOf(doomed.agent.id)).toBe(0);
      expect((await post(server, doomed.token, { jsonrpc: '2.0', id: 1, method: 'ping' })).status).toBe(401);
    };

    it.each(ERAS)('was revoked (%s)', (era) =>
      cutOff(era, async (owner) => {
        const [{ id }] = await owner.request<[{ id: string }]>('GET', '/api/agents');
        await owner.request('DELETE', `/api/agents/${id}`);
      }),
    );

    it.each(ERAS)('belongs to somebody who was banned (%s)', (era) =>
      cutOff(era, async (owner) => {
        const admin = await Person.register(server.url);
        await server.app.get(DataSource).query(`UPDATE users SET role = 'admin' WHERE id = $1`, [admin.id]);
        const signedIn = await Person.signIn(server.url, admin.name, 'correct horse battery');
        await signedIn.request('PUT', `/api/users/${owner.id}/ban`);
      }),
    );
  });

  it('costs nothing while fifty wait', async () => {
    const pool = (server.app.get(DataSource).driver as unknown as { master: Pool }).master;
    let asked = 0;
    const count = () => asked++;
    pool.on('acquire', count);
    const during = async (milliseconds: number): Promise<number> => {
      const before = asked;
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return asked - before;
    };
    try {
      const after = await now();
      const idle = await during(3000);
      const waiting = Array.from({ length: 50 }, () => agent.ask('wait_for_events', { after }));
      await eventually(() => waits() === 50);
      expect(await during(3000)).toBeLessThanOrEqual(idle + 10);
      await say(`@${helper.agent.name} wake up`);
      const all = await Promise.all(waiting);
      expect(all.map(kindsOf)).toEqual(Array.from({ length: 50 }, () => ['mention']));
      expect(waits()).toBe(0);
    } finally {
      pool.off('acquire', count);
    }
  });

  it('is bounded for each agent', async () => {
    const after = await now();
    const leaving = new AbortController();
    const waiting = Array.from({ length: 100 }, () =>
      agent.ask('wait_for_events', { after }, leaving.signal).catch(() => undefined),
    );
    await eventually(() => waits() === 100);
    expect(await agent.refused('wait_for_events', { after })).toMatchObject({ error: 'rate_limited' });
    leaving.abort();
    await Promise.all(waiting);
    await eventually(() => waits() === 0);
  });

  it('is answered before the server stops, and goes on elsewhere', async () => {
    const stopping = await startTestServer({ database: server.database });
    const client = await McpAgent.connect(stopping, helper.token);
    const after = await now();
    const waiting = client.ask('wait_for_events', { after });
    await eventually(() => stopping.app.get(EventWaits).countOf(helper.agent.id) > 0);
    const since = performance.now();
    await stopping.close();
    const { events, cursor } = await waiting;
    expect(events).toEqual([]);
    expect(performance.now() - since).toBeLessThan(5000);
    await say(`@${helper.agent.name} still there?`);
    expect(kindsOf(await agent.ask('wait_for_events', { after: cursor }))).toEqual(['mention']);
  });
});
