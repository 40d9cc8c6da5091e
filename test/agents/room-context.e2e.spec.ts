import type { RoomContext } from '@clawtank/contracts';
import { RoomContext as RoomContextSchema } from '@clawtank/contracts';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, command, connect, Person, type RoomSocket } from '../support/people.js';

describe('what an agent is told of a room', () => {
  let server: TestServer;
  let host: Person;
  let person: RoomSocket;

  beforeAll(async () => {
    server = await startTestServer();
    host = await Person.register(server.url);
    person = await host.connect();
  });
  afterAll(async () => {
    person.close();
    await server.close();
  });

  it('is all it has to know, when it gets a seat and whenever it asks', async () => {
    const elsewhere = await host.createRoom();
    const { agent, token } = await host.bringAgent(elsewhere.id);
    const socket = await connect(server.url, '/agents', token);
    const room = await host.createRoomWithRepository({ description: 'Where lamps are tended', topics: ['lamps'] });
    const told = new Promise<RoomContext>((resolve) => socket.once('room_context', resolve));
    await host.request('POST', `/api/rooms/${room.id}/agents/${agent.id}`);
    const context = await told;
    expect(RoomContextSchema.parse(context)).toEqual(context);
    expect(context).toMatchObject({
      roomId: room.id,
      name: room.name,
      description: 'Where lamps are tended',
      topics: ['lamps'],
      repository: { defaultBranch: 'main', cloneUrl: expect.stringMatching(/^http.*\.git$/) as string },
      members: [
        { name: host.name, type: 'human', role: 'host', ownerName: null },
        { id: agent.id, type: 'agent', ownerName: host.name },
      ],
      seat: { role: 'member', pausedAt: null, limits: { parallelTasks: 3 } },
      ownTasks: [],
      openTasks: [],
      messages: [],
    });
    expect(context.seat.abilities).toContain('push');

    const roomId = room.id;
    await accepted(person, 'chat_message', { roomId, message: `@${agent.name} thanks!` });
    await accepted(person, 'create_task', { roomId, description: 'Anybody’s' });
    const { id: taskId } = await accepted(person, 'create_task', { roomId, description: 'Mine', agentId: agent.id });
    await accepted(person, 'create_task', { roomId, description: 'Mine, too', agentId: agent.id });
    const { lease } = await accepted(socket, 'claim_task', { roomId, taskId });
    const now = await accepted(socket, 'get_room_context', { roomId });
    expect(now.openTasks.map(({ description }) => description)).toEqual(['Anybody’s']);
    expect(now.ownTasks.map(({ task, lease: held }) => [task.description, held?.leaseId ?? null])).toEqual([
      ['Mine', lease.leaseId],
      ['Mine, too', null],
    ]);
    expect(now.messages).toMatchObject([{ trust: 'owner', addressed: true }]);
    expect(now.seq).toBeGreaterThan(context.seq);
    socket.close();
  });

  it('is nobody’s who has no seat', async () => {
    const [one, two] = [await host.createRoom(), await host.createRoom()];
    const { token } = await host.bringAgent(one.id);
    const socket = await connect(server.url, '/agents', token);
    const reply = await command(socket, 'get_room_context', { roomId: two.id });
    expect(reply).toMatchObject({ ok: false, error: { code: 'not_found' } });
    socket.close();
  });
});
