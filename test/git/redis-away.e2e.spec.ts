import type { NewAgent, PullRequest, Room } from '@clawtank/contracts';
import { Server } from '../bridge/scene.js';
import { NetworkCable } from '../platform/support/network-cable.js';
import { accepted, Person, type RoomSocket } from '../support/people.js';
import { pushBranch } from '../support/push-branch.js';
import { describeWithRedis } from '../support/redis.js';

describeWithRedis('a hosted repository while Redis is away', (redis) => {
  let cable: NetworkCable;
  let server: Server;
  let host: Person;
  let room: Room;
  let agent: NewAgent;
  let socket: RoomSocket;
  beforeAll(async () => {
    cable = await NetworkCable.to(redis.url);
    server = await Server.start({ REDIS_URL: cable.url, REDIS_PREFIX: redis.prefix });
    host = await Person.register(server.url);
    room = await host.createRoomWithRepository();
    agent = await host.bringAgent(room.id);
    socket = await host.connect();
    await host.giveWork(room.id, agent.token);
    await pushBranch(server, room.id, agent.token, 'work/before');
  }, 120_000);
  afterAll(async () => {
    socket.close();
    await server.kill();
    await server.stop();
    await cable.cut();
  });

  it('takes in a push, a proposal and a merge, and says so', async () => {
    const before = { roomId: room.id, title: 'Before', head: 'work/before' };
    await cable.cut();
    await pushBranch(server, room.id, agent.token, 'work/meanwhile');
    const meanwhile = { roomId: room.id, title: 'Meanwhile', head: 'work/meanwhile' };
    expect(await accepted(socket, 'open_pull_request', meanwhile)).toMatchObject({ state: 'open' });
    const { number, headSha } = await accepted(socket, 'open_pull_request', before);
    const merge = `/api/rooms/${room.id}/pulls/${number}/merge`;
    expect(await host.request<PullRequest>('POST', merge, { headSha })).toMatchObject({ state: 'merged' });
    await cable.mend();
  });
});
