import { EventEmitter } from 'node:events';
import { randomUUID } from 'node:crypto';
import type {
  AgentSelf,
  CommandInput,
  CommandName,
  CommandReply,
  PushName,
  ServerToClientEvents,
  TaskAssignment,
} from '@clawtank/contracts';
import type { AgentKeyStore } from './agent-keys.js';
import { type AgentRoom, FollowedRoom } from './agent-room.js';
import { Connection } from './connection.js';
import type { ConnectionEnded } from './errors.js';
import { ONCE_ONLY } from './once-only.js';
import { Outbox } from './outbox.js';

export interface ConnectOptions {
  /** The server's address, e.g. `https://clawtank.example`. */
  readonly url: string;
  /** The agent's token. It travels in the handshake only. */
  readonly token: string;
  /** Names this run of the agent, so that a second one can be told apart. Made up when left out. */
  readonly instance?: string;
  /** What the agent says it can do. */
  readonly capabilities?: readonly string[];
  /** Where the agent's key is kept. With it the agent can sign what it commits: the server takes in no other work. */
  readonly keys?: AgentKeyStore;
}

type Push<Name extends PushName> = Parameters<ServerToClientEvents[Name]>[0];

export interface AgentClientEvents {
  /** Connected and registered, also after each reconnection. */
  connected: [AgentSelf];
  disconnected: [];
  /** Refused or closed for good; nothing follows. */
  ended: [ConnectionEnded];
  /** A room of which nothing was known before. */
  room: [AgentRoom];
  /** May come more than once for the same task. */
  task_assignment: [TaskAssignment];
  lease_lost: [Push<'lease_lost'>];
  /** Something is addressed to the agent: `read_inbox` tells what. */
  inbox: [Push<'inbox'>];
  /** What came while the agent was away is not told; asking for the same again tells. */
  approval_decided: [Push<'approval_decided'>];
}

/** An agent's line to the server: it outlives interruptions, follows the agent's rooms, and carries its commands out exactly once. */
export class AgentClient extends EventEmitter<AgentClientEvents> {
  private readonly connection: Connection;
  private readonly outbox = new Outbox((name, request) => this.connection.ask(name, request));
  private readonly followed = new Map<string, FollowedRoom>();
  private readonly registered: Promise<AgentSelf>;
  private registeredSelf: AgentSelf | null = null;

  constructor({ url, token, instance = randomUUID(), capabilities = [], keys }: ConnectOptions) {
    super();
    this.connection = new Connection({ url, token, instance, capabilities, keys });
    this.registered = new Promise((resolve, reject) => {
      this.connection.once('open', resolve);
      this.connection.once('ended', reject);
    });
    this.registered.catch(() => undefined); // whoever does not wait for it hears of the end by the event
    this.connection.on('open', (self) => this.opened(self));
    this.connection.on('lost', () => this.lost());
    this.connection.on('ended', (reason) => this.ended(reason));
    this.listen();
  }

  /** Who the agent is, as the server last said; null before the first connection. */
  get self(): AgentSelf | null {
    return this.registeredSelf;
  }

  /** Connected and registered at this moment. */
  get isConnected(): boolean {
    return this.connection.isOpen;
  }

  /** All rooms the client knows of. */
  get rooms(): readonly AgentRoom[] {
    return [...this.followed.values()];
  }

  /** Resolves with who the agent is once it has connected for the first time; rejects with `ConnectionEnded` if it never may. */
  ready(): Promise<AgentSelf> {
    return this.registered;
  }

  /** The room of this id. Its state is there once the agent has a seat in it and has joined. */
  room(roomId: string): AgentRoom {
    return this.roomOf(roomId);
  }

  /**
   * Sends a command and resolves with its answer, or rejects with `CommandRefused`. One that changes something gets an id, waits for
   * a connection, and is repeated until it is answered; the others are asked once, as `ask` does.
   */
  command<Name extends CommandName>(name: Name, request: CommandInput<Name>): Promise<CommandReply<Name>> {
    const idField = ONCE_ONLY[name];
    return idField ? this.outbox.add(name, { [idField]: randomUUID(), ...request }) : this.ask(name, request);
  }

  /** Asks once, on the connection there is now, ahead of what waits; rejects with `NotDelivered` if that connection is lost. */
  ask<Name extends CommandName>(name: Name, request: CommandInput<Name>): Promise<CommandReply<Name>> {
    return this.connection.ask(name, request);
  }

  /** Ends the connection. Commands that were not answered are rejected. */
  close(): void {
    this.connection.close();
  }

  private listen(): void {
    const { connection } = this;
    connection.onPush('room_joined', (push) => this.roomOf(push.roomId).receiveJoined(push));
    connection.onPush('message_broadcast', (push) => this.roomOf(push.roomId).receiveMessage(push));
    connection.onPush('activity_update', (push) => this.roomOf(push.roomId).receiveActivity(push));
    connection.onPush('room_update', (push) => this.roomOf(push.roomId).receiveUpdate(push));
    connection.onPush('direct_message', ({ message }) => this.roomOf(message.roomId).emit('directMessage', message));
    connection.onPush('room_closed', ({ roomId, reason }) => this.roomOf(roomId).close(reason));
    connection.onPush('room_context', ({ roomId }) => this.seated(roomId));
    connection.onPush('task_assignment', (assignment) => this.emit('task_assignment', assignment));
    connection.onPush('inbox', (push) => this.emit('inbox', push));
    connection.onPush('lease_lost', (push) => this.emit('lease_lost', push));
    connection.onPush('approval_decided', (push) => this.emit('approval_decided', push));
  }

  private opened(self: AgentSelf): void {
    this.registeredSelf = self;
    for (const roomId of self.rooms) {
      this.roomOf(roomId).follow();
    }
    for (const room of this.followed.values()) {
      if (!self.rooms.includes(room.id)) {
        room.close('removed');
      }
    }
    this.emit('connected', self);
    this.outbox.resume();
  }

  /** A seat that is announced before registration is joined with the others. */
  private seated(roomId: string): void {
    const room = this.roomOf(roomId);
    if (this.connection.isOpen && !room.isFollowing) {
      room.follow();
    }
  }

  private lost(): void {
    this.outbox.pause();
    for (const room of this.followed.values()) {
      room.suspend();
    }
    this.emit('disconnected');
  }

  private ended(reason: ConnectionEnded): void {
    this.outbox.end(reason);
    for (const room of this.followed.values()) {
      room.suspend();
    }
    this.emit('ended', reason);
  }

  private roomOf(roomId: string): FollowedRoom {
    const known = this.followed.get(roomId);
    if (known) {
      return known;
    }
    const room = new FollowedRoom(roomId, {
      join: (request) => this.ask('join_room', request),
      context: (request) => this.ask('get_room_context', request),
      say: (message) => this.command('chat_message', message),
      sayDirectly: (message) => this.command('direct_message', message),
    });
    this.followed.set(roomId, room);
    this.emit('room', room);
    return room;
  }
}

/** Connects an agent. The client is there at once, so that listeners can be in place before anything arrives; `ready()` tells when it is registered. */
export function connectAgent(options: ConnectOptions): AgentClient {
  return new AgentClient(options);
}
