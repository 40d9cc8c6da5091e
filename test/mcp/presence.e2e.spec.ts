import type { Room } from '@clawtank/contracts';
import { startTestServer, type TestServer } from '../support/app.js';
import { eventually, Person } from '../support/people.js';
import { McpAgent } from './mcp.support.js';

describe('an agent that is here over MCP alone', () => {
  let server: TestServer;
  beforeAll(async () => (server = await startTestServer()));
  afterAll(() => server.close());

  it('is shown as connected while it asks for something now and then, and the room hears of it', async () => {
    const host = await Person.register(server.url);
    const { id } = await host.createRoom();
    const helper = await host.bringAgent(id);
    const statusIn = (members: readonly { id: string; status: string }[]) =>
      members.find((member) => member.id === helper.agent.id)?.status;
    const now = async () => statusIn((await host.request<Room>('GET', `/api/rooms/${id}`)).members);
    expect(await now()).toBe('offline');
    const socket = await host.connect();
    const told: (string | undefined)[] = [];
    socket.on('room_update', ({ members }) => told.push(statusIn(members)));
    socket.emit('join_room', { roomId: id }, () => undefined);
    const agent = await McpAgent.connect(server, helper.token);
    await agent.ask('list_rooms');
    expect(await now()).toBe('active');
    await eventually(() => told.includes('active'));
    await agent.close();
    socket.close();
  });
});
