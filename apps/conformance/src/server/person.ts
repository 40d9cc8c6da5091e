import { randomBytes } from 'node:crypto';
import type {
  Account,
  ClientToServerEvents,
  CommandInput,
  CommandName,
  CommandReply,
  NewAgent,
  Reply,
  Room,
  ServerToClientEvents,
  SignedIn,
} from '@clawtank/contracts';
import { io, type Socket } from 'socket.io-client';

export type RoomSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

const ANSWER_MS = 15_000;
const REPOSITORY_MS = 20_000;

/** The server does not let the kit do what it has to; the message says what. */
export class ServerUnfit extends Error {}

export const uniqueName = (prefix: string): string => `${prefix}-${randomBytes(3).toString('hex')}`;

/** A person of the kit's own: makes rooms, agents and tasks, and decides. */
export class Person {
  private constructor(
    private readonly server: URL,
    private readonly token: string,
    readonly id: string,
    readonly name: string,
    readonly socket: RoomSocket,
  ) {}

  /** Makes an account, where the server lets anybody do so. */
  static async register(server: URL, username = uniqueName('conformance')): Promise<Person> {
    const body = { username, password: randomBytes(18).toString('base64url') };
    const { accessToken, account } = await ask<SignedIn>(server, null, 'POST', '/api/auth/register', body);
    return new Person(server, accessToken, account.id, username, await connect(server, '/', accessToken));
  }

  /** The person whose token this is. */
  static async withToken(server: URL, token: string): Promise<Person> {
    const account = await ask<Account>(server, token, 'GET', '/api/auth/me');
    return new Person(server, token, account.id, account.username, await connect(server, '/', token));
  }

  request<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    return ask<Answer>(this.server, this.token, method, path, body);
  }

  command<Name extends CommandName>(name: Name, request: CommandInput<Name>): Promise<CommandReply<Name>> {
    return command(this.socket, name, request);
  }

  /** A private room with a repository, which arrives a moment after it. */
  async makeRoom(name: string): Promise<Room> {
    const { id } = await this.request<Room>('POST', '/api/rooms', { name });
    const deadline = Date.now() + REPOSITORY_MS;
    for (;;) {
      const room = await this.request<Room>('GET', `/api/rooms/${id}`);
      if (room.repository) {
        return room;
      }
      if (Date.now() > deadline) {
        throw new ServerUnfit('The server gave the room no repository');
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  makeAgent(name: string): Promise<NewAgent> {
    return this.request<NewAgent>('POST', '/api/agents', { name });
  }

  async seat(roomId: string, agentId: string): Promise<void> {
    await this.request('POST', `/api/rooms/${roomId}/agents/${agentId}`);
  }

  async invite(roomId: string, guest: Person): Promise<void> {
    const { token } = await this.request<{ token: string }>('POST', `/api/rooms/${roomId}/invitations`, {});
    await guest.request('POST', `/api/invitations/${token}/accept`);
  }
}

/** An open socket; rejects if the handshake is refused. */
export async function connect(server: URL, namespace: '/' | '/agents', token: string): Promise<RoomSocket> {
  const socket: RoomSocket = io(new URL(namespace, server).href, {
    transports: ['websocket'],
    auth: { token },
    forceNew: true,
    reconnection: false,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error) => reject(new ServerUnfit(`The server lets nobody in: ${error.message}`)));
    // Cut off before it was let in, which is no `connect_error`
    socket.once('disconnect', (reason) => reject(new ServerUnfit(`The server lets nobody in: ${reason}`)));
  });
  return socket;
}

/** The answer to a command; rejects if it was refused. */
export async function command<Name extends CommandName>(
  socket: RoomSocket,
  name: Name,
  request: CommandInput<Name>,
): Promise<CommandReply<Name>> {
  const timed = socket.timeout(ANSWER_MS) as unknown as {
    emitWithAck(name: string, request: unknown): Promise<unknown>;
  };
  const reply = (await timed.emitWithAck(name, request)) as Reply<CommandReply<Name>>;
  if (!reply.ok) {
    throw new ServerUnfit(`${name} was refused: ${reply.error.code}: ${reply.error.message}`);
  }
  return reply.data;
}

async function ask<Answer>(
  server: URL,
  token: string | null,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(new URL(path, server), {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new ServerUnfit(`${method} ${path} was answered with ${response.status}: ${text.slice(0, 300)}`);
  }
  return (text ? JSON.parse(text) : undefined) as Answer;
}
