import { connectAgent } from '@clawtank/agent-sdk';
import type { NewAgent } from '@clawtank/contracts';
import { startTestServer, type TestServer } from '../support/app.js';
import { connect, eventually, Person, uniqueName } from '../support/people.js';

describe('the seats of agents', () => {
  let server: TestServer;
  let owner: Person;
  let made: NewAgent;

  beforeAll(async () => {
    server = await startTestServer();
    owner = await Person.register(server.url);
  });
  afterAll(() => server.close());
  beforeEach(async () => (made = await owner.request<NewAgent>('POST', '/api/agents', { name: uniqueName('agent') })));

  const seat = (roomId: string) => owner.request('POST', `/api/rooms/${roomId}/agents/${made.agent.id}`);

  it('are told to an agent that is connected when it gets one', async () => {
    const { id, name } = await owner.createRoom({ description: 'Where crabs work' });
    const socket = await connect(server.url, '/agents', made.token);
    const told: unknown[] = [];
    socket.on('room_context', (push) => told.push(push));

    await seat(id);

    await eventually(() => told.length > 0);
    expect(told).toMatchObject([{ roomId: id, name, description: 'Where crabs work' }]);
    socket.close();
  });

  it('are taken by an agent of the SDK without another connection', async () => {
    const client = connectAgent({ url: server.url, token: made.token });
    await client.ready();
    const { id } = await owner.createRoom();

    await seat(id);

    await eventually(() => client.room(id).state);
    client.close();
  });
});
