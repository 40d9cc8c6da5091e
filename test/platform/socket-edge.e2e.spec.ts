import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import type { Reply } from '@clawtank/contracts';
import type { INestApplicationContext } from '@nestjs/common';
import type { Socket } from 'socket.io-client';
import WebSocket from 'ws';
import { MAX_HANDSHAKES } from '../../apps/api/src/platform/sockets/limit-handshakes.js';
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

  it('refuses an event whose name is a number, as it refuses any other that is no command', async () => {
    const socket = await open();
    const reply: unknown = await socket.emitWithAck(7 as unknown as string, {});
    expect(reply).toMatchObject({ ok: false, error: { code: 'unknown_command' } });
  });

  it('does not open to an older protocol of Engine.IO', async () => {
    expect(await upgrade(server.url, SOCKET_IO.replace('EIO=4', 'EIO=3'))).toBe(REFUSED);
  });

  it('closes a connection that asks for namespaces again and again', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}${SOCKET_IO}`);
    await once(socket, 'open');
    const frames: string[] = [];
    socket.on('message', (frame: Buffer) => frames.push(frame.toString()));
    Array.from({ length: 1000 }, () => socket.send(`40${JSON.stringify({ token: ann.token })}`));
    await once(socket, 'close');
    expect(frames.filter((frame) => frame.startsWith('40')).length).toBeLessThanOrEqual(MAX_HANDSHAKES);
  });

  it('closes a connection that sends an empty message, and no other', async () => {
    const modest = await open();
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}${SOCKET_IO}`);
    await once(socket, 'open');
    socket.send('4');
    await once(socket, 'close');
    expect(modest.connected).toBe(true);
  });

  it('closes a connection that does not come to the end of its first line', async () => {
    const http: Server = server.app.getHttpServer();
    expect(http.headersTimeout).toBe(10_000);
    http.headersTimeout = 100; // the test need not wait that long
    const [slow, silent] = [0, 1].map(() => connectTcp(Number(new URL(server.url).port), '127.0.0.1'));
    slow?.write('GET /socket.io/?EIO=4&transp');
    const started = performance.now();
    await Promise.all([slow, silent].map((socket) => once(socket!.resume(), 'close')));
    http.headersTimeout = 10_000;
    expect(performance.now() - started).toBeLessThan(5000); // Node would look for such connections twice a minute
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
