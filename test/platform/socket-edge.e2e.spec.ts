import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Reply } from '@clawtank/contracts';
import type { INestApplicationContext } from '@nestjs/common';
import type { Socket } from 'socket.io-client';
import WebSocket from 'ws';
import { SocketAdapter } from '../../apps/api/src/platform/sockets/socket.adapter.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { accepted, connect, Person, type RoomSocket } from '../support/people.js';
import { describeWithRedis } from '../support/redis.js';

let server: TestServer;
let ann: Person;
let sockets: RoomSocket[];

beforeAll(async () => {
  server = await startTestServer();
  ann = await Person.register(server.url);
});
beforeEach(() => (sockets = []));
afterEach(() => sockets.forEach((socket) => socket.close()));
afterAll(() => server.close());

/** A socket on which anything may be sent, as a program without our types would. */
const open = async (): Promise<Socket> => {
  const socket = await ann.connect();
  sockets.push(socket);
  return socket;
};

/** How the server answers somebody who asks to upgrade: 101, or the status of its refusal. */
async function upgrade(url: string, path: string, headers: Record<string, string> = {}): Promise<number> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${path}`, { headers });
  try {
    return await new Promise((resolve) => {
      socket.on('open', () => resolve(101));
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => resolve(0));
    });
  } finally {
    socket.on('error', () => undefined);
    socket.terminate();
  }
}
/** Engine.IO has one status for every refusal of an upgrade. */
const REFUSED = 400;
const SOCKET_IO = '/socket.io/?EIO=4&transport=websocket';

describe('the edge of the sockets', () => {
  it('speaks WebSocket only', async () => {
    const response = await fetch(`${server.url}/socket.io/?EIO=4&transport=polling`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ message: 'Transport unknown' });
  });

  it('opens to programs and to pages of its own, and to no other page', async () => {
    expect(await upgrade(server.url, SOCKET_IO)).toBe(101);
    expect(await upgrade(server.url, SOCKET_IO, { origin: server.url })).toBe(101);
    expect(await upgrade(server.url, SOCKET_IO, { origin: 'https://evil.example' })).toBe(REFUSED);
    expect(await upgrade(server.url, SOCKET_IO, { origin: 'null' })).toBe(REFUSED);
  });

  it('closes a socket that sends more than 64 KB at once, and no other', async () => {
    const [greedy, modest] = [await open(), await open()];
    const room = await ann.createRoom();
    const closed = new Promise((resolve) => greedy.once('disconnect', resolve));
    greedy.emit('chat_message', { roomId: room.id, message: 'x'.repeat(70_000) });
    await closed;
    expect(
      await accepted(modest as RoomSocket, 'chat_message', { roomId: room.id, message: 'x'.repeat(4000) }),
    ).toMatchObject({
      seq: expect.any(Number) as number,
    });
  });

  it('tells whoever gave no acknowledgement to call that a command was refused', async () => {
    const socket = await open();
    const refused = new Promise((resolve) => socket.once('command_refused', resolve));
    socket.emit('leave_room', { roomId: 'no id' });
    expect(await refused).toMatchObject({ command: 'leave_room', error: { code: 'invalid_input' } });
  });

  it('bounds what one socket may have waiting, answers the rest at once, and goes on', async () => {
    const socket = await open();
    const room = await ann.createRoom();
    const message = { roomId: room.id, message: 'one of many' };
    const refusals: unknown[] = [];
    socket.on('command_refused', (refusal: unknown) => refusals.push(refusal));
    const replies = await Promise.all(
      Array.from({ length: 400 }, () => {
        socket.emit('chat_message', message);
        return socket.emitWithAck('chat_message', message) as Promise<Reply<unknown>>;
      }),
    );
    const codes = replies.map((reply) => (reply.ok ? 'ok' : reply.error.code));
    expect(new Set(codes)).toEqual(new Set(['ok', 'rate_limited']));
    expect(codes.filter((code) => code === 'ok').length).toBeGreaterThanOrEqual(100);
    expect(refusals).toContainEqual({
      command: 'chat_message',
      error: expect.objectContaining({ code: 'rate_limited' }) as unknown,
    });
    expect(await accepted(socket as RoomSocket, 'chat_message', message)).toMatchObject({ roomId: room.id });
  });

  it('closes a connection that never says who it is', async () => {
    const http = createServer().listen(0, '127.0.0.1');
    await once(http, 'listening');
    const io = new SocketAdapter(http as unknown as INestApplicationContext, server.settings).createIOServer(0);
    expect(io.connectTimeout()).toBe(10_000);
    io.connectTimeout(100); // the test need not wait that long
    const socket = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}${SOCKET_IO}`);
    await once(socket, 'close');
    await io.close();
  });
});

describeWithRedis('a worker', (redis) => {
  it('serves its health and its figures, and nothing else', async () => {
    const worker = await startTestServer({
      redis,
      env: { ROLE: 'worker', DATABASE_URL: process.env['TEST_DATABASE_URL'] ?? '' },
    });
    const statusOf = async (path: string) => (await fetch(`${worker.url}${path}`)).status;
    expect(await statusOf('/health/live')).toBe(200);
    expect(await statusOf('/health/ready')).toBe(200);
    expect(await statusOf('/metrics')).toBe(200);
    for (const path of [
      '/',
      '/api/rooms',
      '/api/docs',
      '/git/x.git/info/refs',
      '/healthy',
      '/socket.io/?EIO=4&transport=polling',
    ]) {
      expect([path, await statusOf(path)]).toEqual([path, expect.any(Number)]);
      expect(await statusOf(path)).toBeGreaterThanOrEqual(400);
    }
    expect(await upgrade(worker.url, SOCKET_IO)).toBe(REFUSED);
    await expect(connect(worker.url, '/', ann.token)).rejects.toThrow();
    expect(await upgrade(worker.url, '/spectate/00000000-0000-4000-8000-000000000000')).not.toBe(101);
    await worker.close();
  });
});
