import { Server } from 'socket.io';
import { Manager } from 'socket.io-client';
import { SocketServers } from '../../apps/api/src/platform/sockets/socket-servers.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { eventually, Person } from '../support/people.js';

describe('what opened a connection', () => {
  let server: TestServer;
  let ann: Person;

  beforeAll(async () => {
    server = await startTestServer();
    ann = await Person.register(server.url);
  });
  afterAll(() => server.close());

  it('is forgotten once its caller is known, but for where it came from', async () => {
    const manager = new Manager(server.url, {
      transports: ['websocket'],
      extraHeaders: { 'user-agent': 'x'.repeat(4000), 'x-forwarded-for': '203.0.113.7' },
    });
    const member = manager.socket('/', { auth: { token: ann.token } });
    await eventually(() => member.connected);
    const { namespaces } = server.app.get<unknown, { namespaces: unknown[] }>(SocketServers);
    const people = namespaces.find((namespace) => namespace instanceof Server)?.of('/');
    const [socket] = people?.sockets.values() ?? [];
    await eventually(() => socket && Object.keys(socket.handshake.auth).length === 0);
    expect(JSON.stringify([socket?.handshake, socket?.request.headers])).not.toContain(ann.token);
    expect(JSON.stringify([socket?.handshake, socket?.request.headers])).not.toContain('xxxx');
    expect(socket?.request.headers).toEqual({ 'x-forwarded-for': '203.0.113.7' });
    manager._close();
  });

  it('lets the same connection into another namespace afterwards', async () => {
    const room = await ann.createRoom({ visibility: 'public' });
    const manager = new Manager(server.url, { transports: ['websocket'] });
    const member = manager.socket('/', { auth: { token: ann.token } });
    await eventually(() => member.connected);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const spectator = manager.socket(`/spectate/${room.id}`);
    let welcomed = false;
    spectator.on('spectator.welcome', () => (welcomed = true));
    await eventually(() => welcomed);
    manager._close();
  });
});
