import { signerOf } from '../support/agent-key.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, connect, Person, type RoomSocket } from '../support/people.js';
import { pushBranch } from '../support/push-branch.js';

const ROOMS = 6;

describe('a server with the smallest pool of database connections', () => {
  let server: TestServer;
  const sockets: RoomSocket[] = [];
  beforeAll(async () => {
    server = await startTestServer({ env: { DATABASE_POOL_SIZE: '2' } });
  });
  afterAll(async () => {
    sockets.forEach((socket) => socket.close());
    await server.close();
  });

  async function readyToHandIn(owner: Person, person: RoomSocket) {
    const { id: roomId } = await owner.createRoomWithRepository();
    const { token } = await owner.bringAgent(roomId);
    const agent = await connect(server.url, '/agents', token);
    sockets.push(agent);
    const { id: taskId } = await accepted(person, 'create_task', { roomId, description: 'do it' });
    const { lease } = await accepted(agent, 'claim_task', { roomId, taskId });
    const commit = await pushBranch(server, roomId, token, 'agent/work', 'work.md', await signerOf(agent));
    return { agent, work: { roomId, taskId, leaseId: lease.leaseId, gitBranch: 'agent/work', commit } };
  }

  // Who holds a room and then asked for a second connection would wait for others who do the same.
  it('takes in work from many rooms at once, without anybody waiting for ever', async () => {
    const owner = await Person.register(server.url);
    const person = await owner.connect();
    sockets.push(person);
    const ready: Awaited<ReturnType<typeof readyToHandIn>>[] = [];
    for (let room = 0; room < ROOMS; room++) {
      ready.push(await readyToHandIn(owner, person));
    }
    const taken = await Promise.all(ready.map(({ agent, work }) => accepted(agent, 'submit_work', work)));
    expect(taken.map(({ state }) => state)).toEqual(Array(ROOMS).fill('in_review'));
  }, 45_000);
});
