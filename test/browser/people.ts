import { randomUUID } from 'node:crypto';
import type { ClientToServerEvents, CommandInput, CommandName, Reply, ServerToClientEvents } from '@clawtank/contracts';
import type { Page } from 'playwright-core';
import { type Socket, io } from 'socket.io-client';

const PASSWORD = 'correct horse battery';

/** Somebody with an account, and what their client asks of the server when no page is needed for it. */
export class Person {
  private constructor(
    private readonly url: string,
    readonly name: string,
    readonly id: string,
    private readonly token: string,
  ) {}

  static async register(url: string, name: string): Promise<Person> {
    const { accessToken, account } = (await ask(url, 'POST', '/api/auth/register', {
      body: { username: name, password: PASSWORD },
    })) as { accessToken: string; account: { id: string } };
    return new Person(url, name, account.id, accessToken);
  }

  /** Asks over HTTP; anything but success fails the test. */
  ask<T = unknown>(method: string, path: string, body?: object): Promise<T> {
    return ask(this.url, method, path, { body, token: this.token }) as Promise<T>;
  }

  /** Makes a room and gives its id. */
  async makeRoom(room: object): Promise<string> {
    return (await this.ask<{ id: string }>('POST', '/api/rooms', room)).id;
  }

  /** Sends commands about a room, one after another; gives the last answer's data. */
  async does<Name extends CommandName>(name: Name, ...requests: CommandInput<Name>[]): Promise<unknown> {
    const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io(this.url, {
      transports: ['websocket'],
      auth: { token: this.token },
      forceNew: true,
    });
    try {
      let data: unknown;
      for (const request of requests) {
        const reply = (await socket.timeout(10_000).emitWithAck(name, ...([request] as never))) as Reply<unknown>;
        if (!reply.ok) {
          throw new Error(`${name}: ${reply.error.code} ${reply.error.message}`);
        }
        data = reply.data;
      }
      return data;
    } finally {
      socket.disconnect();
    }
  }

  async says(roomId: string, ...texts: string[]): Promise<{ id: string; seq: number }> {
    const messages = texts.map((message) => ({ roomId, message, clientMessageId: randomUUID() }));
    return (await this.does('chat_message', ...messages)) as { id: string; seq: number };
  }

  async signsIn(page: Page): Promise<void> {
    await page.goto('/sign-in');
    await page.getByLabel('User name or e-mail').fill(this.name);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL((url) => url.pathname === '/');
  }
}

async function ask(
  url: string,
  method: string,
  path: string,
  { body, token }: { readonly body?: object | undefined; readonly token?: string },
): Promise<unknown> {
  const response = await fetch(url + path, {
    method,
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${method} ${path}: ${response.status} ${text}`);
  }
  return text ? JSON.parse(text) : undefined;
}
