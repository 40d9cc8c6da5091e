import {
  type AgentLimits,
  type AgentLimitsInRoom,
  type AgentLimitsOverview,
  type AuditPage,
  type Member,
  type RoomChange,
  USUAL_AGENT_LIMITS,
} from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import { startTestServer, type TestServer } from '../support/app.js';
import { Follower } from '../support/follower.js';
import { accepted, eventually, Person, type RoomSocket } from '../support/people.js';

const NONE: AgentLimits = {
  commands: null,
  paths: null,
  messagesPerHour: null,
  mentionsPerHour: null,
  tasksPerHour: null,
  parallelTasks: null,
};

describe('the limits of an agent', () => {
  let server: TestServer;
  let host: Person;
  let owner: Person;
  let roomId: string;
  let agentId: string;

  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());
  beforeEach(async () => {
    [host, owner] = [await Person.register(server.url), await Person.register(server.url)];
    roomId = (await host.createRoom()).id;
    await host.invite(roomId, owner);
    agentId = (await owner.bringAgent(roomId)).agent.id;
  });

  const overview = () => owner.request<AgentLimitsOverview>('GET', `/api/agents/${agentId}/limits`);
  const inRoom = (by: Person = host) =>
    by.request<AgentLimitsInRoom>('GET', `/api/rooms/${roomId}/agents/${agentId}/limits`);
  const setOwn = (limits: Partial<AgentLimits> | null, inRoomId?: string) =>
    owner.request<AgentLimitsOverview>('PUT', `/api/agents/${agentId}/limits`, { roomId: inRoomId ?? null, limits });
  const setInRoom = (limits: Partial<AgentLimits> | null, by: Person = host) =>
    by.request<Member>('PUT', `/api/rooms/${roomId}/agents/${agentId}/limits`, { limits });

  it('are those of the room until somebody sets others', async () => {
    expect(await overview()).toEqual({
      agentId,
      defaults: null,
      rooms: [
        {
          roomId,
          roomName: expect.any(String) as string,
          byOwner: null,
          byRoom: null,
          roomDefaults: USUAL_AGENT_LIMITS,
          effective: { ...USUAL_AGENT_LIMITS, paths: [] },
          used: { messages: 0, mentions: 0, tasks: 0, heldTasks: 0 },
        },
      ],
    });
  });

  it('are the stricter of its owner’s and the room’s, one by one', async () => {
    await setOwn({ tasksPerHour: 5, parallelTasks: 9, commands: ['talk', 'push'], paths: ['src/**'] });
    await setInRoom({ tasksPerHour: 50, parallelTasks: 2, commands: ['talk', 'take_tasks'], paths: ['!*.lock'] });
    expect((await inRoom()).effective).toEqual({
      ...NONE,
      tasksPerHour: 5,
      parallelTasks: 2,
      commands: ['talk'],
      paths: [['src/**'], ['!*.lock']],
    });
  });

  it('are told as they are, also to a room that the agent enters while its owner sets them', async () => {
    const other = await owner.createRoom();
    const { app } = server;
    const sql = (query: string) => app.get(DataSource).query(query);
    await sql(
      `CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1); RETURN NEW; END $$`,
    );
    await sql(
      `CREATE TRIGGER be_slow BEFORE INSERT ON room_events FOR EACH ROW WHEN (NEW.type = 'agent.joined') EXECUTE FUNCTION be_slow()`,
    );
    const socket = await owner.connect();
    const follower = await Follower.join(socket, other.id);
    const seating = owner.request('POST', `/api/rooms/${other.id}/agents/${agentId}`);
    // Until it has read what the agent is held to, and is about to tell it.
    await eventually(async () => {
      const rows = await app
        .get(DataSource)
        .query<unknown[]>(
          `SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()`,
        );
      return rows.length > 0;
    });
    await setOwn({ tasksPerHour: 4 });
    await seating;
    await sql(`DROP TRIGGER be_slow ON room_events`);
    await sql(`DROP FUNCTION be_slow`);
    const { limits } = await follower.until((state) =>
      state.members.find(({ id, limits: told }) => id === agentId && told?.byOwner?.tasksPerHour === 4),
    );
    expect(limits?.byOwner).toMatchObject({ tasksPerHour: 4 });
    socket.close();
  });

  it('may be set for one room in place of the owner’s defaults, and given up again', async () => {
    await setOwn({ tasksPerHour: 5 });
    await setOwn({ tasksPerHour: 7 }, roomId);
    expect((await overview()).rooms[0]).toMatchObject({ byOwner: { tasksPerHour: 7 }, effective: { tasksPerHour: 7 } });
    await setOwn(null, roomId);
    expect((await overview()).rooms[0]).toMatchObject({ byOwner: null, effective: { tasksPerHour: 5 } });
    await setOwn(null);
    expect((await overview()).rooms[0]).toMatchObject({ effective: { tasksPerHour: 200 } });
  });

  it('stay when the agent leaves the room and comes back', async () => {
    await setInRoom({ tasksPerHour: 1 });
    await owner.request('DELETE', `/api/rooms/${roomId}/agents/${agentId}`);
    await owner.request('POST', `/api/rooms/${roomId}/agents/${agentId}`);
    expect((await inRoom()).effective.tasksPerHour).toBe(1);
  });

  it('are seen at once by everybody in the room, wherever they were set', async () => {
    const person: RoomSocket = await host.connect();
    const heard: RoomChange[] = [];
    person.on('activity_update', ({ activity }) =>
      heard.push(...activity.filter(({ type }) => type === 'member.updated')),
    );
    await accepted(person, 'join_room', { roomId });
    await setOwn({ tasksPerHour: 5 });
    await setInRoom({ messagesPerHour: 6 });
    await eventually(() => heard.length === 2);
    expect(heard.map(({ type, data }) => [type, data])).toEqual([
      [
        'member.updated',
        expect.objectContaining({
          change: 'limited',
          member: expect.objectContaining({
            limits: { byOwner: { ...NONE, tasksPerHour: 5 }, byRoom: null },
          }) as Member,
        }),
      ],
      [
        'member.updated',
        expect.objectContaining({
          member: expect.objectContaining({
            limits: { byOwner: { ...NONE, tasksPerHour: 5 }, byRoom: { ...NONE, messagesPerHour: 6 } },
          }) as Member,
        }),
      ],
    ]);
    person.close();
  });

  it('that a room sets are kept in its audit log', async () => {
    await setInRoom({ tasksPerHour: 1 });
    const { entries } = await host.request<AuditPage>('GET', `/api/rooms/${roomId}/audit`);
    expect(entries[0]).toMatchObject({
      action: 'agent.limited',
      details: { agentId, from: null, to: { ...NONE, tasksPerHour: 1 } },
    });
  });

  it('are refused with the name of the field that is wrong', async () => {
    for (const [limits, path] of [
      [{ tasksPerHour: -1 }, 'limits.tasksPerHour'],
      [{ parallelTasks: 1000 }, 'limits.parallelTasks'],
      [{ commands: ['fly'] }, 'limits.commands.0'],
      [{ paths: ['src/**', '../etc'] }, 'limits.paths.1'],
      [{ paths: ['/etc'] }, 'limits.paths.0'],
      [{ paths: ['a\\b'] }, 'limits.paths.0'],
      [{ paths: ['*a*a*a*a*'] }, 'limits.paths.0'],
      [{ paths: ['a\u0000'] }, 'limits.paths.0'],
    ] as const) {
      await expect(setOwn(limits as unknown as AgentLimits)).rejects.toMatchObject({
        problem: { code: 'invalid_input', errors: [expect.objectContaining({ path })] },
      });
    }
  });

  it('of an agent are its owner’s to set, and in a room its host’s and moderators’', async () => {
    const member = await Person.register(server.url);
    await host.invite(roomId, member);
    await expect(setInRoom({ tasksPerHour: 1 }, member)).rejects.toMatchObject({ problem: { code: 'forbidden' } });
    await expect(setInRoom({ tasksPerHour: 1 }, owner)).rejects.toMatchObject({ problem: { code: 'forbidden' } });
    const elsewhere = (await owner.createRoom()).id;
    await expect(setOwn({ tasksPerHour: 1 }, elsewhere)).rejects.toMatchObject({ problem: { code: 'not_found' } });
    expect(await inRoom(member)).toMatchObject({ byRoom: null });
  });
});
