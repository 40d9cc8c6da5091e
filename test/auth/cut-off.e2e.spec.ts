import type { NewAgent, ReplyError } from '@clawtank/contracts';
import { jest } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { AUTHENTICATOR, type Authenticator } from '../../apps/api/src/platform/authenticator.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { describeWithRedis, type TestRedis } from '../support/redis.js';
import { type AccountsServer, startAccountsServer } from './accounts-server.js';
import { anAdministrator, aPerson, Browser, PASSWORD, type Person } from './people.js';

/** A socket until it is closed, and what it was told then. */
interface Line {
  readonly socket: Socket;
  readonly closed: Promise<string>;
}

const sockets: Socket[] = [];
afterEach(() => sockets.splice(0).forEach((socket) => socket.disconnect()));

function connect(url: string, namespace: string, token: string): Promise<Line> {
  const socket = io(url + namespace, {
    transports: ['websocket'],
    auth: { token },
    reconnection: false,
    forceNew: true,
  });
  sockets.push(socket);
  let reason = '';
  socket.on('session_closed', (push: { reason: string }) => (reason = push.reason));
  const closed = new Promise<string>((resolve) => socket.on('disconnect', () => resolve(reason)));
  return new Promise((resolve, reject) => {
    socket.on('connect', () => resolve({ socket, closed }));
    socket.on('connect_error', reject);
  });
}

async function refusal(url: string, namespace: string, token: string): Promise<string | undefined> {
  const error: unknown = await connect(url, namespace, token).then(
    () => undefined,
    (problem: unknown) => problem,
  );
  return (error as { data?: ReplyError } | undefined)?.data?.code;
}

const anAgent = async (owner: Person): Promise<NewAgent> =>
  (await owner.post('/api/agents', { name: 'helper' }).expect(201)).body as NewAgent;

/** The same story on one server, and with the sockets on one server and the deed on another. */
function cuttingOff(
  start: () => Promise<{ here: AccountsServer; there: AccountsServer; close(): Promise<void> }>,
): void {
  let here: AccountsServer;
  let there: AccountsServer;
  let close: () => Promise<void>;
  beforeAll(async () => ({ here, there, close } = await start()));
  afterAll(() => close());

  it('signing out closes the sockets of that session, and of no other', async () => {
    const person = await aPerson(here);
    const login = await new Browser(here.url).post('/api/auth/login', {
      username: person.account.username,
      password: PASSWORD,
    });
    const other = (login.body as { accessToken: string }).accessToken;
    const [line, otherLine] = [await connect(there.url, '/', person.accessToken), await connect(there.url, '/', other)];
    await person.browser.post('/api/auth/logout').expect(204);
    expect(await line.closed).toBe('You signed out');
    expect(await refusal(there.url, '/', person.accessToken)).toBe('unauthenticated');
    expect(otherLine.socket.connected).toBe(true);
    await connect(there.url, '/', other);
  });

  it('signing out reaches a socket that is just being let in', async () => {
    const person = await aPerson(here);
    const authenticator = there.app.get<Authenticator>(AUTHENTICATOR);
    const authenticate = authenticator.authenticate.bind(authenticator);
    const looked = jest.spyOn(authenticator, 'authenticate').mockImplementationOnce(async (token) => {
      const caller = await authenticate(token);
      await person.browser.post('/api/auth/logout').expect(204);
      return caller;
    });
    const line = await connect(there.url, '/', person.accessToken);
    await line.closed;
    expect(looked).toHaveBeenCalledTimes(1);
    looked.mockRestore();
  });

  it('a refresh token used twice closes the sockets of its session', async () => {
    const person = await aPerson(here);
    const line = await connect(there.url, '/', person.accessToken);
    const cookies = person.browser.agent.jar.getCookies({
      domain: '127.0.0.1',
      path: '/api/auth',
      secure: false,
      script: false,
    });
    await person.browser.post('/api/auth/refresh').expect(200);
    here.clock.advance(60_000);
    await new Browser(here.url).post('/api/auth/refresh').set('Cookie', cookies.toValueString()).expect(401);
    await line.closed;
    expect(await refusal(there.url, '/', person.accessToken)).toBe('unauthenticated');
  });

  it('revoking an agent closes its sockets, and not its owner’s', async () => {
    const owner = await aPerson(here);
    const { agent, token } = await anAgent(owner);
    const [line, owners] = [
      await connect(there.url, '/agents', token),
      await connect(there.url, '/', owner.accessToken),
    ];
    await owner.delete(`/api/agents/${agent.id}`).expect(204);
    expect(await line.closed).toBe('This agent was revoked');
    expect(await refusal(there.url, '/agents', token)).toBe('unauthenticated');
    expect(owners.socket.connected).toBe(true);
  });

  it('closing an account closes the person’s sockets and those of their agents', async () => {
    const person = await aPerson(here);
    const { token } = await anAgent(person);
    const lines = [await connect(there.url, '/', person.accessToken), await connect(there.url, '/agents', token)];
    await person.delete(`/api/users/${person.id}`).expect(204);
    expect(await Promise.all(lines.map(({ closed }) => closed))).toEqual(Array(2).fill('This account was closed'));
    expect(await refusal(there.url, '/', person.accessToken)).toBe('unauthenticated');
    expect(await refusal(there.url, '/agents', token)).toBe('unauthenticated');
  });

  it('a ban closes the person’s sockets and those of their agents', async () => {
    const [admin, person] = [await anAdministrator(here), await aPerson(here)];
    const { token } = await anAgent(person);
    const lines = [await connect(there.url, '/', person.accessToken), await connect(there.url, '/agents', token)];
    await admin.put(`/api/users/${person.id}/ban`).expect(204);
    await Promise.all(lines.map(({ closed }) => closed));
    expect(await refusal(there.url, '/', person.accessToken)).toBe('unauthenticated');
    expect(await refusal(there.url, '/agents', token)).toBe('unauthenticated');
  });
}

describe('whoever loses access is cut off', () => {
  cuttingOff(async () => {
    const server = await startAccountsServer();
    return { here: server, there: server, close: () => server.close() };
  });

  it('and tokens that open no socket are refused at the handshake', async () => {
    const server = await startAccountsServer();
    try {
      const person = await aPerson(server);
      const { token } = await anAgent(person);
      expect(await refusal(server.url, '/', '')).toBe('unauthenticated');
      expect(await refusal(server.url, '/', 'made-up')).toBe('unauthenticated');
      expect(await refusal(server.url, '/', token)).toBe('forbidden');
      expect(await refusal(server.url, '/agents', person.accessToken)).toBe('forbidden');
      const personal = (await person.post('/api/auth/tokens', { name: 'laptop' })).body as { token: string };
      expect(await refusal(server.url, '/', personal.token)).toBe('unauthenticated');
    } finally {
      await server.close();
    }
  });
});

describeWithRedis('whoever loses access is cut off on other servers too', (redis: TestRedis) => {
  cuttingOff(async () => {
    const database: TestDatabase = await createTestDatabase();
    const here = await startAccountsServer({ database, redis });
    const there = await startAccountsServer({ database, redis });
    return {
      here,
      there,
      close: async () => {
        await here.close();
        await there.close();
        await database.drop();
      },
    };
  });
});
