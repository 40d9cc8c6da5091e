import { randomUUID } from 'node:crypto';
import { COMMANDS, type CommandName } from '@clawtank/contracts';
import { startTestServer, type TestServer } from '../support/app.js';
import { command, connect, Person, request, type RoomSocket } from '../support/people.js';

describe('bad input', () => {
  let server: TestServer;
  let ann: Person;
  let socket: RoomSocket;
  let agentSocket: RoomSocket;

  beforeAll(async () => {
    server = await startTestServer();
    ann = await Person.register(server.url);
    const room = await ann.createRoom();
    const { token } = await ann.bringAgent(room.id);
    socket = await ann.connect();
    agentSocket = await connect(server.url, '/agents', token);
  });
  afterAll(async () => {
    socket.close();
    agentSocket.close();
    await server.close();
  });

  const raw = (name: string, body: unknown, on = socket) =>
    (on.timeout(5000) as unknown as { emitWithAck(name: string, body: unknown): Promise<unknown> }).emitWithAck(
      name,
      body,
    );

  const nonsense = [
    undefined,
    null,
    42,
    'text',
    [],
    {},
    { roomId: 7 },
    { roomId: 'not-an-id' },
    { roomId: { $ne: null } },
    JSON.parse('{"__proto__": {"roomId": "x"}}'),
  ];

  it.each(Object.keys(COMMANDS) as CommandName[])(
    '%s answers every kind of nonsense with a typed error, or does it',
    async (name) => {
      for (const body of nonsense) {
        for (const connection of [socket, agentSocket]) {
          const reply = await raw(name, body, connection);
          expect(reply).toHaveProperty('ok');
          if (!(reply as { ok: boolean }).ok) {
            expect(['invalid_input', 'forbidden', 'not_found']).toContain(
              (reply as { error: { code: string } }).error.code,
            );
          }
        }
      }
    },
  );

  it.each(['no_such_command', 'error', 'constructor', '__proto__', 'x'.repeat(5000)])(
    'a command called %.30s is answered as unknown',
    async (name) => {
      expect(await raw(name, {})).toMatchObject({ ok: false, error: { code: 'unknown_command' } });
    },
  );

  it('names the field and says what is wrong with it', async () => {
    expect(await command(socket, 'chat_message', { roomId: randomUUID(), message: 'x'.repeat(4001) })).toEqual({
      ok: false,
      error: {
        code: 'invalid_input',
        message: 'message: Use at most 4000 characters',
        errors: [{ path: 'message', message: 'Use at most 4000 characters' }],
      },
    });
  });

  it('counts characters, not code units', async () => {
    const room = await ann.createRoom();
    expect(await command(socket, 'chat_message', { roomId: room.id, message: '🦞'.repeat(4000) })).toMatchObject({
      ok: true,
    });
    expect(await command(socket, 'chat_message', { roomId: room.id, message: '🦞'.repeat(4001) })).toMatchObject({
      ok: false,
    });
  });

  it('answers REST with a problem document', async () => {
    const response = await fetch(`${server.url}/api/rooms`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ann.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: '', settings: { maxMembers: 21 } }),
    });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({
      type: 'urn:clawtank:problem:invalid_input',
      status: 400,
      code: 'invalid_input',
      errors: [{ path: 'name' }, { path: 'settings.maxMembers' }],
    });
  });

  it.each([
    ['broken JSON', '{"name":', 400, 'invalid_json'],
    ['JSON of the wrong kind', '"text"', 400, 'invalid_json'],
    ['too much of it', JSON.stringify({ name: 'x'.repeat(300_000) }), 413, 'payload_too_large'],
  ])('refuses %s', async (_what, body, status, code) => {
    const response = await fetch(`${server.url}/api/rooms`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ann.token}`, 'content-type': 'application/json' },
      body,
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code });
  });

  it.each(['/api/rooms/not-an-id', '/api/users/%00', '/api/nothing/here'])(
    'answers GET %s with a problem',
    async (path) => {
      await expect(request(server.url, 'GET', path, { token: ann.token })).rejects.toMatchObject({
        problem: { code: expect.stringMatching(/invalid_input|not_found/) as string },
      });
    },
  );

  it.each([
    ['no token', undefined],
    ['a made-up one', 'nonsense'],
    ['an agent’s, at the people’s door', 'agent'],
  ])('refuses the handshake with %s', async (_what, token) => {
    const given = token === 'agent' ? (await ann.bringAgent((await ann.createRoom()).id)).token : token;
    await expect(connect(server.url, '/', given as string)).rejects.toMatchObject({
      reply: { code: expect.stringMatching(/unauthenticated|forbidden/) as string },
    });
  });
});
