import type { Account, Problem, SignedIn } from '@clawtank/contracts';
import { createEmulator, type Emulator } from 'emulate';
import request from 'supertest';
import { freePort } from '../support/free-port.js';
import { type GitLabEmulator, startGitLab } from '../support/gitlab-emulator.js';
import { type AccountsServer, startAccountsServer } from './accounts-server.js';
import { anAdministrator, aPerson, Browser, cookieIn, setCookie } from './people.js';

const PUBLIC_URL = 'http://tank.test';
const GITHUB = { GITHUB_CLIENT_ID: 'github-client', GITHUB_CLIENT_SECRET: 'github-secret' };
const OCTOCAT = 'octocat';

const codeOf = ({ body }: request.Response): string => (body as Problem).code;
const locationOf = ({ headers }: request.Response): URL => new URL(headers['location']!, PUBLIC_URL);
/** Where an answer sends the browser on this site. */
const pathOf = (answer: request.Response): string => {
  const { origin, pathname, search } = locationOf(answer);
  expect(origin).toBe(PUBLIC_URL);
  return pathname + search;
};

describe('signing in through GitHub', () => {
  let github: Emulator;
  let server: AccountsServer;
  beforeAll(async () => {
    github = await startGitHub();
    server = await startAccountsServer({
      env: { PUBLIC_URL, ...GITHUB, GITHUB_BASE_URL: github.url, GITHUB_API_URL: github.url },
    });
  });
  afterAll(async () => {
    await server.close();
    await github.close();
  });

  /** Has `login` agree on GitHub's page, and returns where GitHub sends the browser. */
  async function agree(atGitHub: URL, login: string): Promise<URL> {
    const page = await fetch(atGitHub);
    expect(page.status).toBe(200);
    const hidden = Object.fromEntries(
      ['redirect_uri', 'scope', 'state', 'client_id'].map((name) => [name, atGitHub.searchParams.get(name) ?? '']),
    );
    const answer = await fetch(new URL('/login/oauth/callback', github.url), {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ ...hidden, login }),
    });
    return new URL(answer.headers.get('location')!);
  }

  const comeBack = (browser: Browser, url: URL) => browser.get(url.pathname + url.search);

  async function signIn(browser: Browser, login: string, query = ''): Promise<request.Response> {
    const away = await browser.get(`/api/auth/github${query}`).expect(302);
    return comeBack(browser, await agree(locationOf(away), login)).expect(302);
  }

  const accountIn = async (browser: Browser): Promise<Account> =>
    ((await browser.post('/api/auth/refresh').expect(200)).body as SignedIn).account;

  it('sends the browser to GitHub with a state and a PKCE challenge, in a cookie that nobody can read', async () => {
    const answer = await new Browser(server.url).get('/api/auth/github').expect(302);
    const url = locationOf(answer);
    expect(url.origin + url.pathname).toBe(`${github.url}/login/oauth/authorize`);
    const { state, code_challenge, ...others } = Object.fromEntries(url.searchParams);
    expect(others).toEqual({
      response_type: 'code',
      client_id: 'github-client',
      redirect_uri: `${PUBLIC_URL}/api/auth/github/callback`,
      scope: 'read:user',
      code_challenge_method: 'S256',
    });
    expect(state).toMatch(/^[\w-]{32}$/);
    expect(code_challenge).toMatch(/^[\w-]{43}$/);
    expect(setCookie(answer, 'clawtank_github')).toMatch(
      /Max-Age=600; Path=\/api\/auth\/github; .*HttpOnly; SameSite=Lax$/,
    );
    expect(setCookie(answer, 'clawtank_github')).not.toContain(state);
  });

  it('makes an account the first time and finds it again', async () => {
    const [first, second] = [new Browser(server.url), new Browser(server.url)];
    const answer = await signIn(first, OCTOCAT);
    expect(pathOf(answer)).toBe('/');
    expect(setCookie(answer, 'clawtank_refresh')).toMatch(/HttpOnly; SameSite=Strict$/);
    expect(cookieIn(answer, 'clawtank_github')).toBe('');
    const account = await accountIn(first);
    expect(account).toMatchObject({
      username: OCTOCAT,
      email: null,
      providers: ['github'],
      hasPassword: false,
      role: 'user',
    });

    await signIn(second, OCTOCAT);
    expect((await accountIn(second)).id).toBe(account.id);
  });

  it('goes where the reader was, on this site only', async () => {
    expect(pathOf(await signIn(new Browser(server.url), OCTOCAT, '?returnTo=%2Frooms%2F1%3Ftab%3Dtasks'))).toBe(
      '/rooms/1?tab=tasks',
    );
    expect(pathOf(await signIn(new Browser(server.url), OCTOCAT, '?returnTo=https%3A%2F%2Fevil.example'))).toBe('/');
    expect(pathOf(await signIn(new Browser(server.url), OCTOCAT, '?returnTo=%2F%2Fevil.example'))).toBe('/');
  });

  it('gives a newcomer another name if theirs is taken, and never the other person’s account', async () => {
    const holder = await aPerson(server, { username: 'Hubot', email: 'hubot@github.test' });
    const browser = new Browser(server.url);
    await signIn(browser, 'hubot');
    const account = await accountIn(browser);
    expect(account.username).toBe('hubot-2');
    expect(account.id).not.toBe(holder.id);
  });

  it('makes one account when somebody’s first two sign-ins race', async () => {
    const browsers = [new Browser(server.url), new Browser(server.url), new Browser(server.url)];
    await Promise.all(browsers.map((browser) => signIn(browser, 'racer')));
    const accounts = await Promise.all(browsers.map(accountIn));
    expect(new Set(accounts.map(({ id }) => id)).size).toBe(1);
  });

  it('refuses an answer that this browser did not ask for', async () => {
    const [victim, attacker] = [new Browser(server.url), new Browser(server.url)];
    const attackersAnswer = await agree(locationOf(await attacker.get('/api/auth/github')), OCTOCAT);
    expect(pathOf(await comeBack(victim, attackersAnswer).expect(302))).toBe('/sign-in?error=sign_in_failed');

    await victim.get('/api/auth/github').expect(302);
    expect(pathOf(await comeBack(victim, attackersAnswer).expect(302))).toBe('/sign-in?error=sign_in_failed');
    await victim.post('/api/auth/refresh').expect(204);
  });

  it('refuses a forged state, a missing one, and a cookie that was tampered with', async () => {
    const browser = new Browser(server.url);
    for (const change of [
      (url: URL) => url.searchParams.set('state', 'forged'),
      (url: URL) => url.searchParams.delete('state'),
    ]) {
      const back = await agree(locationOf(await browser.get('/api/auth/github')), OCTOCAT);
      change(back);
      expect(pathOf(await comeBack(browser, back))).toBe('/sign-in?error=sign_in_failed');
    }
    const away = await request(server.url).get('/api/auth/github');
    const back = await agree(locationOf(away), OCTOCAT);
    const cookie = decodeURIComponent(cookieIn(away, 'clawtank_github')!);
    const tampered = (cookie.startsWith('A') ? 'B' : 'A') + cookie.slice(1);
    const answer = await request(server.url)
      .get(back.pathname + back.search)
      .set('Cookie', `clawtank_github=${encodeURIComponent(tampered)}`);
    expect(pathOf(answer)).toBe('/sign-in?error=sign_in_failed');
  });

  it('refuses an answer that comes after ten minutes, one with a used code, and one with a made-up code', async () => {
    const browser = new Browser(server.url);
    const late = await request(server.url).get('/api/auth/github');
    const back = await agree(locationOf(late), OCTOCAT);
    server.clock.advance(10 * 60_000);
    const answer = await request(server.url)
      .get(back.pathname + back.search)
      .set('Cookie', `clawtank_github=${cookieIn(late, 'clawtank_github')}`);
    expect(pathOf(answer)).toBe('/sign-in?error=sign_in_failed');

    const away = await browser.get('/api/auth/github');
    const good = await agree(locationOf(away), OCTOCAT);
    const made = new URL(good);
    made.searchParams.set('code', 'made-up');
    expect(pathOf(await comeBack(browser, made))).toBe('/sign-in?error=sign_in_failed');

    const used = await request(server.url).get('/api/auth/github');
    const once = await agree(locationOf(used), OCTOCAT);
    const use = () =>
      request(server.url)
        .get(once.pathname + once.search)
        .set('Cookie', `clawtank_github=${cookieIn(used, 'clawtank_github')}`);
    expect(pathOf(await use())).toBe('/');
    expect(pathOf(await use())).toBe('/sign-in?error=sign_in_failed');
  });

  it('takes answers at the callback only', async () => {
    const browser = new Browser(server.url);
    const back = await agree(locationOf(await browser.get('/api/auth/github')), OCTOCAT);
    expect(codeOf(await browser.get(`/api/auth/github${back.search}`).expect(404))).toBe('not_found');
  });

  it('refuses people who are banned', async () => {
    const browser = new Browser(server.url);
    await signIn(browser, 'banned-one');
    const admin = await anAdministrator(server);
    await admin.put(`/api/users/${(await accountIn(browser)).id}/ban`).expect(204);
    expect(pathOf(await signIn(browser, 'banned-one'))).toBe('/sign-in?error=banned');
  });

  it('is not offered where it is not configured', async () => {
    expect((await request(server.url).get('/api/auth/options')).body).toMatchObject({ providers: ['github'] });
    for (const path of ['/api/auth/gitlab', '/api/auth/gitlab/callback?code=x&state=y']) {
      expect(codeOf(await request(server.url).get(path).expect(404))).toBe('not_found');
    }
  });

  it('makes no accounts while registration is closed, but lets people in who have one', async () => {
    const closed = await startAccountsServer({
      env: { PUBLIC_URL, ...GITHUB, GITHUB_BASE_URL: github.url, GITHUB_API_URL: github.url, REGISTRATION: 'closed' },
    });
    try {
      const enter = async () => {
        const browser = new Browser(closed.url);
        const away = await browser.get('/api/auth/github').expect(302);
        return pathOf(await comeBack(browser, await agree(locationOf(away), OCTOCAT)));
      };
      expect(await enter()).toBe('/sign-in?error=registration_closed');
      const { id } = (await (await fetch(`${github.url}/users/${OCTOCAT}`)).json()) as { id: number };
      await closed.database.query(`INSERT INTO users (username, github_id) VALUES ('somebody', $1)`, [id]);
      expect(await enter()).toBe('/');
    } finally {
      await closed.close();
    }
  });

  describe('adding GitHub to an account', () => {
    it('lets a signed-in person sign in with GitHub from then on', async () => {
      const person = await aPerson(server);
      expect(pathOf(await signIn(person.browser, 'linker', '?link=true&returnTo=%2Fsettings'))).toBe('/settings');
      expect((await person.get('/api/auth/me')).body).toMatchObject({ providers: ['github'], hasPassword: true });
      expect(pathOf(await signIn(person.browser, 'linker', '?link=true&returnTo=%2Fsettings'))).toBe('/settings');

      const elsewhere = new Browser(server.url);
      await signIn(elsewhere, 'linker');
      expect((await accountIn(elsewhere)).id).toBe(person.id);
    });

    it('refuses an account that somebody else uses, and a second one', async () => {
      await signIn(new Browser(server.url), OCTOCAT);
      const person = await aPerson(server);
      const link = '?link=true&returnTo=%2Fsettings';
      expect(pathOf(await signIn(person.browser, OCTOCAT, link))).toBe('/settings?error=provider_taken');
      expect(pathOf(await signIn(person.browser, 'spare-one', link))).toBe('/settings');
      expect(pathOf(await signIn(person.browser, 'spare-two', link))).toBe('/settings?error=provider_taken');
      expect((await person.get('/api/auth/me')).body).toMatchObject({ providers: ['github'] });
    });

    it('is for people who are signed in, from the beginning to the end', async () => {
      const stranger = await new Browser(server.url).get('/api/auth/github?link=true').expect(302);
      expect(pathOf(stranger)).toBe('/sign-in?error=unauthenticated');

      const person = await aPerson(server);
      const away = await person.browser.get('/api/auth/github?link=true&returnTo=%2Fsettings').expect(302);
      const back = await agree(locationOf(away), 'late-linker');
      await person.post('/api/auth/logout').expect(204);
      expect(pathOf(await comeBack(person.browser, back))).toBe('/settings?error=unauthenticated');
    });

    it('is refused with a refresh token that was exchanged long ago', async () => {
      const person = await aPerson(server);
      const old = cookieIn(await person.browser.post('/api/auth/refresh').expect(200), 'clawtank_refresh')!;
      await person.browser.post('/api/auth/refresh').expect(200);
      server.clock.advance(60_000);
      const answer = await request(server.url)
        .get('/api/auth/github?link=true')
        .set('Cookie', `clawtank_refresh=${old}`);
      expect(pathOf(answer)).toBe('/sign-in?error=unauthenticated');
    });
  });
});

describe('signing in through GitLab', () => {
  let gitlab: GitLabEmulator;
  let server: AccountsServer;
  beforeAll(async () => {
    gitlab = await startGitLab();
    server = await startAccountsServer({
      env: {
        PUBLIC_URL,
        GITLAB_CLIENT_ID: gitlab.clientId,
        GITLAB_CLIENT_SECRET: gitlab.clientSecret,
        GITLAB_BASE_URL: gitlab.url,
      },
    });
  });
  afterAll(async () => {
    await server.close();
    await gitlab.close();
  });

  const TANUKI = {
    id: 7,
    username: 'tanuki.dev',
    name: 'Tanuki',
    email: 't@gitlab.test',
    avatar_url: 'https://gitlab.test/t.png',
  };

  /** Goes to GitLab, which sends the browser straight back. */
  async function away(browser: Browser): Promise<URL> {
    const toGitLab = locationOf(await browser.get('/api/auth/gitlab').expect(302));
    const answer = await fetch(toGitLab, { redirect: 'manual' });
    expect(answer.status).toBe(302);
    return new URL(answer.headers.get('location')!);
  }

  async function signIn(browser: Browser): Promise<string> {
    const back = await away(browser);
    return pathOf(await browser.get(back.pathname + back.search).expect(302));
  }

  it('makes an account by GitLab’s number for the person, which survives a change of name', async () => {
    gitlab.user = TANUKI;
    const browser = new Browser(server.url);
    expect(await signIn(browser)).toBe('/');
    const { account } = (await browser.post('/api/auth/refresh').expect(200)).body as SignedIn;
    expect(account).toMatchObject({
      username: 'tanuki-dev',
      email: null,
      avatarUrl: 'https://gitlab.test/t.png',
      providers: ['gitlab'],
    });

    gitlab.user = { ...TANUKI, username: 'renamed' };
    const again = new Browser(server.url);
    expect(await signIn(again)).toBe('/');
    expect(((await again.post('/api/auth/refresh')).body as SignedIn).account.id).toBe(account.id);
  });

  it('does not take an e-mail address for an identity', async () => {
    const person = await aPerson(server, { email: 'same@example.com' });
    gitlab.user = { ...TANUKI, id: 8, username: 'same-mail', email: 'same@example.com' };
    const browser = new Browser(server.url);
    await signIn(browser);
    expect(((await browser.post('/api/auth/refresh')).body as SignedIn).account.id).not.toBe(person.id);
  });

  it('fails without the secret of PKCE: a code is worth nothing in another browser’s attempt', async () => {
    gitlab.user = { ...TANUKI, id: 9, username: 'victim' };
    const [victim, attacker] = [new Browser(server.url), new Browser(server.url)];
    const [stolen, own] = [await away(victim), await away(attacker)];
    own.searchParams.set('code', stolen.searchParams.get('code')!);
    expect(pathOf(await attacker.get(own.pathname + own.search))).toBe('/sign-in?error=sign_in_failed');
    await attacker.post('/api/auth/refresh').expect(204);
  });

  it('comes back to the sign-in page when the person declines', async () => {
    gitlab.user = null;
    expect(await signIn(new Browser(server.url))).toBe('/sign-in?error=sign_in_failed');
  });

  it('refuses a profile that names nobody', async () => {
    gitlab.user = { ...TANUKI, id: Number.NaN };
    expect(await signIn(new Browser(server.url))).toBe('/sign-in?error=sign_in_failed');
  });

  it('comes back to the sign-in page when GitLab is out of order', async () => {
    gitlab.user = TANUKI;
    const browser = new Browser(server.url);
    const back = await away(browser);
    await gitlab.close();
    expect(pathOf(await browser.get(back.pathname + back.search))).toBe('/sign-in?error=sign_in_failed');
  });
});

async function startGitHub(): Promise<Emulator> {
  return createEmulator({
    service: 'github',
    port: await freePort(), // it takes a port's number and cannot be asked for a free one
    seed: {
      github: {
        users: [OCTOCAT, 'hubot', 'racer', 'banned-one', 'linker', 'late-linker', 'spare-one', 'spare-two'].map(
          (login) => ({
            login,
            name: login,
            email: `${login}@github.test`,
          }),
        ),
        oauth_apps: [
          {
            name: 'ClawTank',
            client_id: GITHUB.GITHUB_CLIENT_ID,
            client_secret: GITHUB.GITHUB_CLIENT_SECRET,
            redirect_uris: [`${PUBLIC_URL}/api/auth/github/callback`],
          },
        ],
      },
    },
  });
}
