import { randomBytes } from 'node:crypto';
import type { Account, SignedIn } from '@clawtank/contracts';
import request from 'supertest';
import { SetupLink } from '../../apps/api/src/auth/index.js';
import type { AccountsServer } from './accounts-server.js';

export const PASSWORD = 'correct horse battery';

/** A browser with cookies of its own, on a page of the server. */
export class Browser {
  readonly agent: ReturnType<typeof request.agent>;

  constructor(private readonly url: string) {
    this.agent = request.agent(url);
  }

  get(path: string): request.Test {
    return this.agent.get(path);
  }

  post(path: string, body?: object): request.Test {
    return this.agent.post(path).set('Origin', this.url).send(body);
  }
}

export interface Person {
  readonly browser: Browser;
  readonly account: Account;
  readonly id: string;
  readonly accessToken: string;
  get(path: string): request.Test;
  post(path: string, body?: object): request.Test;
  put(path: string, body?: object): request.Test;
  delete(path: string): request.Test;
}

let people = 0;
const aName = (): string => `person-${++people}-${randomBytes(3).toString('hex')}`;

/** Somebody with an account, signed in. */
export async function aPerson({ url }: AccountsServer, registration: object = {}): Promise<Person> {
  const browser = new Browser(url);
  const answer = await browser
    .post('/api/auth/register', { username: aName(), password: PASSWORD, ...registration })
    .expect(201);
  return asPerson(url, browser, answer.body as SignedIn);
}

export async function anAdministrator(server: AccountsServer): Promise<Person> {
  const path = await server.app.get(SetupLink).ensure();
  return aPerson(server, { setupToken: new URL(path!, server.url).searchParams.get('token') });
}

export function asPerson(url: string, browser: Browser, { account, accessToken }: SignedIn): Person {
  const bearing = (test: request.Test): request.Test => test.set('Authorization', `Bearer ${accessToken}`);
  return {
    browser,
    account,
    id: account.id,
    accessToken,
    get: (path) => bearing(request(url).get(path)),
    post: (path, body) => bearing(request(url).post(path)).send(body),
    put: (path, body) => bearing(request(url).put(path)).send(body),
    delete: (path) => bearing(request(url).delete(path)),
  };
}

/** The value of a cookie that an answer sets; `''` if it clears it, undefined if it says nothing of it. */
export function cookieIn(answer: request.Response, name: string): string | undefined {
  const line = setCookie(answer, name);
  return line?.slice(name.length + 1).split(';')[0];
}

export function setCookie(answer: request.Response, name: string): string | undefined {
  const lines = (answer.headers['set-cookie'] ?? []) as unknown as string[];
  return lines.find((line) => line.startsWith(`${name}=`));
}
