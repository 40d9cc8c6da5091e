import type { Problem, SignedIn } from '@clawtank/contracts';
import request from 'supertest';
import { SetupLink } from '../../apps/api/src/auth/index.js';
import { type AccountsServer, startAccountsServer } from './accounts-server.js';
import { aPerson, PASSWORD } from './people.js';

const codeOf = ({ body }: request.Response): string => (body as Problem).code;

describe('the set-up link', () => {
  let server: AccountsServer;
  beforeEach(async () => (server = await startAccountsServer({ env: { REGISTRATION: 'closed' } })));
  afterEach(() => server.close());

  const tokenOf = (path: string | null) => /^\/setup\?token=([\w-]{43})$/.exec(path ?? '')?.[1] ?? '';
  const start = async () => tokenOf(await server.app.get(SetupLink).ensure());
  const register = (username: string, setupToken: string) =>
    request(server.url).post('/api/auth/register').send({ username, password: PASSWORD, setupToken });

  it('makes the administrator, once, however closed registration is', async () => {
    const token = await start();
    expect((await request(server.url).get('/api/auth/options')).body).toMatchObject({ awaitingSetup: true });
    expect(((await register('admin', token).expect(201)).body as SignedIn).account.role).toBe('admin');
    expect(codeOf(await register('second', token).expect(403))).toBe('setup_link_invalid');
    expect((await request(server.url).get('/api/auth/options')).body).toMatchObject({ awaitingSetup: false });
    expect(await server.app.get(SetupLink).ensure()).toBeNull();
  });

  it('lets exactly one of two racing visitors win', async () => {
    const token = await start();
    const answers = await Promise.all(['one', 'two', 'three', 'four'].map((name) => register(name, token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403, 403]);
    expect(await server.database.query(`SELECT role FROM users`)).toEqual([{ role: 'admin' }]);
  });

  it('is replaced at each start until it is used', async () => {
    const [first, second] = [await start(), await start()];
    expect(codeOf(await register('admin', first).expect(403))).toBe('setup_link_invalid');
    await register('admin', second).expect(201);
  });

  it('stays good when the name turns out to be taken', async () => {
    const token = await start();
    await server.database.query(`INSERT INTO users (username) VALUES ('taken')`);
    expect(codeOf(await register('taken', token).expect(409))).toBe('username_taken');
    await register('admin', token).expect(201);
  });

  it('is refused when it is made up, and its token is stored as a hash only', async () => {
    const token = await start();
    expect(codeOf(await register('someone', 'made-up').expect(403))).toBe('setup_link_invalid');
    expect(codeOf(await register('someone', '').expect(403))).toBe('setup_link_invalid');
    expect(
      await server.database.query(`SELECT 1 FROM setup WHERE encode(token_hash, 'escape') LIKE '%' || $1 || '%'`, [
        token,
      ]),
    ).toEqual([]);
  });
});

describe('the set-up link of an open server', () => {
  it('still makes the administrator after a stranger came first', async () => {
    const server = await startAccountsServer();
    try {
      const path = await server.app.get(SetupLink).ensure();
      const stranger = await aPerson(server);
      expect(stranger.account.role).toBe('user');
      const admin = await aPerson(server, { setupToken: path!.split('=')[1] });
      expect(admin.account.role).toBe('admin');
    } finally {
      await server.close();
    }
  });
});
