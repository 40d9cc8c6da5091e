import { randomBytes } from 'node:crypto';
import type {
  ClientToServerEvents,
  CommandInput,
  CommandName,
  CommandReply,
  CreateRoom,
  NewAccessToken,
  NewAgent,
  Reply,
  Room,
  ServerToClientEvents,
  SignedIn,
} from '@clawtank/contracts';
import { io, type Socket } from 'socket.io-client';

export type RoomSocket = Socket<ServerToClientEvents, ClientToServerEvents>;

export const uniqueName = (prefix: string): string => `${prefix}-${randomBytes(4).toString('hex')}`;

/** A JSON request to the server under test; throws what the server answered if it refused. */
export async function request<Answer>(
  url: string,
  method: string,
  path: string,
  options: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(options.body !== undefined && { 'content-type': 'application/json' }),
      ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
      ...options.headers,
    },
    ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  const answer = (text ? JSON.parse(text) : undefined) as Answer;
  if (!response.ok) {
    throw Object.assign(new Error(`${method} ${path}: ${response.status} ${text}`), {
      status: response.status,
      problem: answer,
    });
  }
  return answer;
}

/** A registered person, with what a browser would do for them. */
export class Person {
  private constructor(
    readonly url: string,
    readonly id: string,
    readonly name: string,
    readonly token: string,
  ) {}

  static async register(url: string, name = uniqueName('person')): Promise<Person> {
    const { accessToken, account } = await request<SignedIn>(url, 'POST', '/api/auth/register', {
      body: { username: name, password: 'correct horse battery' },
    });
    return new Person(url, account.id, name, accessToken);
  }

  static async signIn(url: string, name: string, password: string): Promise<Person> {
    const { accessToken, account } = await request<SignedIn>(url, 'POST', '/api/auth/login', {
      body: { username: name, password },
    });
    return new Person(url, account.id, name, accessToken);
  }

  /** The same person at another process. */
  at(url: string): Person {
    return new Person(url, this.id, this.name, this.token);
  }

  request<Answer>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    return request<Answer>(this.url, method, path, {
      token: this.token,
      ...(body !== undefined && { body }),
      ...(headers && { headers }),
    });
  }

  createRoom(room: Partial<CreateRoom> = {}): Promise<Room> {
    return this.request<Room>('POST', '/api/rooms', { name: uniqueName('Room'), ...room });
  }

  /** Makes a room with a repository, which arrives a moment after it. */
  async createRoomWithRepository(room: Partial<CreateRoom> = {}): Promise<Room> {
    const { id } = await this.createRoom(room);
    return eventually(async () => {
      const created = await this.request<Room>('GET', `/api/rooms/${id}`);
      return created.repository ? created : undefined;
    });
  }

  async invite(roomId: string, guest: Person): Promise<void> {
    const { token } = await this.request<{ token: string }>('POST', `/api/rooms/${roomId}/invitations`, {});
    await guest.request('POST', `/api/invitations/${token}/accept`);
  }

  /** Makes an agent and seats it in the room. */
  async bringAgent(roomId: string, name = uniqueName('agent')): Promise<NewAgent> {
    const created = await this.request<NewAgent>('POST', '/api/agents', { name });
    await this.request('POST', `/api/rooms/${roomId}/agents/${created.agent.id}`);
    return created;
  }

  /** What git clients give as this person's password. */
  async gitToken(): Promise<string> {
    return (await this.request<NewAccessToken>('POST', '/api/auth/tokens', { name: uniqueName('git') })).token;
  }

  /** Makes a task and lets the agent take it: without one it may push nothing. */
  async giveWork(roomId: string, agentToken: string): Promise<{ roomId: string; taskId: string; leaseId: string }> {
    const [person, agent] = [await this.connect(), await connect(this.url, '/agents', agentToken)];
    try {
      const { id: taskId } = await accepted(person, 'create_task', { roomId, description: 'Some work' });
      const { lease } = await accepted(agent, 'claim_task', { roomId, taskId });
      return { roomId, taskId, leaseId: lease.leaseId };
    } finally {
      person.close();
      agent.close();
    }
  }

  connect(): Promise<RoomSocket> {
    return connect(this.url, '/', this.token);
  }
}

/** An open socket, or the refusal of the handshake. */
export async function connect(url: string, namespace: '/' | '/agents', token: string): Promise<RoomSocket> {
  const socket: RoomSocket = io(`${url}${namespace}`, {
    transports: ['websocket'],
    auth: { token },
    reconnection: false,
    forceNew: true,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error) =>
      reject(Object.assign(error, { reply: (error as { data?: unknown }).data })),
    );
    socket.once('disconnect', (reason) => reject(new Error(reason))); // cut off before it was let in, which is no `connect_error`
  });
  return socket;
}

/** Sends a command and waits for its acknowledgement. */
export function command<Name extends CommandName>(
  socket: RoomSocket,
  name: Name,
  request: CommandInput<Name>,
): Promise<Reply<CommandReply<Name>>> {
  const timed = socket.timeout(15_000) as unknown as { emitWithAck(name: string, request: unknown): Promise<unknown> };
  return timed.emitWithAck(name, request) as Promise<Reply<CommandReply<Name>>>;
}

/** The data of an accepted command; throws the error of a refused one. */
export async function accepted<Name extends CommandName>(
  socket: RoomSocket,
  name: Name,
  request: CommandInput<Name>,
): Promise<CommandReply<Name>> {
  const reply = await command(socket, name, request);
  if (!reply.ok) {
    throw Object.assign(new Error(`${name}: ${reply.error.code}: ${reply.error.message}`), reply.error);
  }
  return reply.data;
}

/** Asks until there is an answer; for what happens soon after, not at once. */
export async function eventually<Answer>(
  ask: () => Promise<Answer | undefined | null | false> | Answer | undefined | null | false,
  withinMs = 15_000,
): Promise<Answer> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer) {
      return answer;
    }
    if (Date.now() > deadline) {
      throw new Error(`Nothing happened within ${withinMs} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
