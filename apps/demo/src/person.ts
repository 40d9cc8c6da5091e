import { randomBytes } from 'node:crypto';
import type {
  ClientToServerEvents,
  CommandInput,
  CommandName,
  PullRequest,
  Reply,
  RoomState,
  ServerToClientEvents,
  SignedIn,
} from '@clawtank/contracts';
import { applyRoomEvent, messageAsEvent } from '@clawtank/room-state';
import { io, type Socket } from 'socket.io-client';

/** A scripted person: does over REST and socket what somebody in a browser would. */
export class Person {
  private readonly socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  private room: RoomState | undefined;

  private constructor(
    private readonly address: string,
    readonly id: string,
    readonly name: string,
    readonly password: string,
    private readonly token: string,
  ) {
    this.socket = io(address, { transports: ['websocket'], auth: { token } });
    this.socket.on('room_joined', ({ roomData }) => (this.room = roomData ?? this.room));
    this.socket.on('message_broadcast', ({ message }) => this.follow(messageAsEvent(message)));
    this.socket.on('activity_update', ({ activity }) => activity.forEach((event) => this.follow(event)));
  }

  static async register(address: string, name: string): Promise<Person> {
    const password = randomBytes(9).toString('base64url');
    const answer = await call<SignedIn>(address, 'POST', '/api/auth/register', { username: name, password });
    return new Person(address, answer.account.id, name, password, answer.accessToken);
  }

  ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    return call<Answer>(this.address, method, path, body, this.token);
  }

  async enter(roomId: string): Promise<void> {
    await this.command('join_room', { roomId });
    await this.sees((room) => room);
  }

  async say(roomId: string, message: string): Promise<void> {
    await this.command('chat_message', { roomId, message });
  }

  async merge(pullRequest: PullRequest): Promise<PullRequest> {
    const { roomId, number, headSha } = pullRequest;
    return this.ask('POST', `/api/rooms/${roomId}/pulls/${number}/merge`, { headSha });
  }

  /** Waits until the room, as this person sees it, answers the question. */
  async sees<Answer>(question: (room: RoomState) => Answer | undefined | null | false): Promise<Answer> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const answer = this.room && question(this.room);
      if (answer) {
        return answer;
      }
      if (Date.now() > deadline) {
        throw new Error(`${this.name} waited in vain. The room: ${JSON.stringify(this.room?.tasks)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  close(): void {
    this.socket.close();
  }

  private async command<Name extends CommandName>(name: Name, request: CommandInput<Name>): Promise<void> {
    const socket = this.socket.timeout(10_000) as unknown as {
      emitWithAck(name: string, request: unknown): Promise<Reply<unknown>>;
    };
    const reply = await socket.emitWithAck(name, request);
    if (!reply.ok) {
      throw new Error(`${name}: ${reply.error.code}: ${reply.error.message}`);
    }
  }

  private follow(event: Parameters<typeof applyRoomEvent>[1]): void {
    if (this.room) {
      const next = applyRoomEvent(this.room, event);
      if (next === 'gap') {
        throw new Error(`${this.name} missed something before entry ${event.seq}`);
      }
      this.room = next;
    }
  }
}

async function call<Answer>(
  address: string,
  method: string,
  path: string,
  body?: unknown,
  token?: string,
): Promise<Answer> {
  const response = await fetch(`${address}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${method} ${path}: ${response.status} ${text}`);
  }
  return (text ? JSON.parse(text) : undefined) as Answer;
}
