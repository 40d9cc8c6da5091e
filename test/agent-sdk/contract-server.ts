import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type ActivityItem,
  type ChatMessage,
  COMMANDS,
  type CommandName,
  type ErrorCode,
  type InboxItem,
  type PushName,
  type ReplyError,
  type RoomEvent,
  type RoomState,
  type ServerToClientEvents,
  type Task,
  type TaskAssignment,
} from '@clawtank/contracts';
import { applyRoomEvent, messageAsEvent } from '@clawtank/room-state';
import { Server, type Socket } from 'socket.io';
import { aDirectMessage, aMessage, anAssignment, aRoomState, aTask } from './builders.js';

type Request = Record<string, unknown> & { roomId: string; taskId: string; leaseId: string };
type Acknowledge = (reply: unknown) => void;

/** What was asked, in the order in which it came. */
export interface Asked {
  readonly name: string;
  readonly request: Request;
  readonly connection: number;
}

const INBOX_EPOCH = randomUUID();
const MOMENT = { abilities: [], presence: {}, viewers: 0 };

/**
 * A small server that speaks the contract to agents over real sockets and does what a test tells it to: cut lines, swallow
 * acknowledgements, take leases away, leave holes in a room's log.
 */
export class ContractServer {
  readonly agentId = randomUUID();
  readonly commitEmail = `${this.agentId}@agents.clawtank.example`;
  readonly asked: Asked[] = [];
  readonly state: RoomState;
  leaseMs = 60_000;
  repository: TaskAssignment['repository'] = null;
  handshakeRefusal: ReplyError | null = null;

  private readonly http = createServer();
  private readonly io = new Server(this.http, { transports: ['websocket'] });
  private readonly receipts = new Map<string, unknown>();
  private readonly leases = new Map<string, string>();
  private readonly assignments = new Map<string, TaskAssignment>();
  private readonly refusals = new Map<string, ReplyError[]>();
  private readonly inbox: InboxItem[] = [];
  private acknowledged = 0;
  private readonly cuts = new Map<string, number>();
  private readonly events: { name: PushName; push: unknown; seq: number }[] = [];
  private connectionCount = 0;
  private current: RoomState;

  private constructor() {
    this.state = this.current = aRoomState();
    this.io.of('/agents').use((_socket, next) => {
      const refusal = this.handshakeRefusal;
      next(refusal ? Object.assign(new Error(refusal.message), { data: refusal }) : undefined);
    });
    this.io.of('/agents').on('connection', (socket) => this.serve(socket, ++this.connectionCount));
  }

  static async start(): Promise<ContractServer> {
    const server = new ContractServer();
    await new Promise<void>((resolve) => server.http.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  get roomId(): string {
    return this.state.room.id;
  }

  get connections(): number {
    return this.connectionCount;
  }

  async stop(): Promise<void> {
    await this.io.close();
  }

  /** Closes every line as a server does that restarts: the client is told, and does not come back by itself. */
  kick(): void {
    this.io.of('/agents').disconnectSockets(true);
  }

  closeSession(reason: string): void {
    this.push('session_closed', { reason, code: 'closed' });
    this.kick();
  }

  /** The next `name` is carried out, but the line breaks before the answer. */
  cutBeforeAnswering(name: CommandName): void {
    this.cuts.set(name, (this.cuts.get(name) ?? 0) + 1);
  }

  /** The next `name` is refused. */
  refuse(name: CommandName, code: ErrorCode, retryAfter?: number): void {
    const queue = this.refusals.get(name) ?? [];
    queue.push({ code, message: `refused: ${code}`, ...(retryAfter !== undefined && { retryAfter }) });
    this.refusals.set(name, queue);
  }

  push<Name extends PushName>(name: Name, ...push: Parameters<ServerToClientEvents[Name]>): void {
    this.io.of('/agents').emit(name, ...push);
  }

  /** A task for the agent, told as often as `times` says. */
  assign(task: Partial<Task> = {}, times = 1): TaskAssignment {
    const assignment = anAssignment(aTask({ roomId: this.roomId, ...task }), this.repository);
    this.assignments.set(assignment.taskId, assignment);
    for (let time = 0; time < times; time++) {
      this.push('task_assignment', assignment);
    }
    return assignment;
  }

  /** A task that the agent holds already, as its room says, though nobody tells it. */
  holdTask(): TaskAssignment {
    const task = aTask({
      roomId: this.roomId,
      state: 'in_progress',
      lease: { holder: { type: 'agent', id: this.agentId, name: 'crusty' } },
    });
    const assignment = anAssignment(task);
    this.assignments.set(task.id, assignment);
    this.current = { ...this.current, tasks: [task] };
    return assignment;
  }

  /** Ends the lease on the server; the agent hears of it only if it is told. */
  expireLease(taskId: string): string {
    const leaseId = this.leases.get(taskId) ?? '';
    this.leases.delete(taskId);
    return leaseId;
  }

  /** Adds a message to the log; with `told: false` it does not reach whoever is connected. */
  appendMessage(text: string, { told = true, by }: { told?: boolean; by?: string } = {}): ChatMessage {
    const message = aMessage({
      roomId: this.roomId,
      seq: this.current.seq + 1,
      message: text,
      ...(by && { userId: by }),
    });
    this.append(
      messageAsEvent(message),
      { name: 'message_broadcast', push: { roomId: this.roomId, epoch: this.current.epoch, message } },
      told,
    );
    return message;
  }

  /** Calls a task off that the agent holds, of which nobody tells it. */
  callOff(taskId: string): void {
    this.leases.delete(taskId);
    this.assignments.delete(taskId);
    const held = this.current.tasks.find(({ id }) => id === taskId);
    const event: ActivityItem = {
      ...{ seq: this.current.seq + 1, id: randomUUID(), timestamp: new Date().toISOString() },
      ...{ type: 'task.cancelled', actor: { type: 'system', id: null, name: 'ClawTank' } },
      data: { task: aTask({ ...held, state: 'cancelled', lease: null }) },
    };
    const push = { roomId: this.roomId, epoch: this.current.epoch, activity: [event] };
    this.append(event, { name: 'activity_update', push }, false);
  }

  private append(event: RoomEvent, entry: { name: PushName; push: unknown }, told: boolean): void {
    const next = applyRoomEvent(this.current, event);
    if (next === 'gap') {
      throw new Error('The test’s own log has a gap');
    }
    this.current = next;
    this.events.push({ ...entry, seq: event.seq });
    if (told) {
      this.io.of('/agents').emit(entry.name, entry.push);
    }
  }

  /** Something is addressed to the agent; with `told: false` there is no hint. */
  address(number: number, { told = true } = {}): void {
    const message = aMessage({ roomId: this.roomId, message: `item ${number}` });
    this.inbox.push({
      ...{
        number,
        kind: 'mention',
        roomId: this.roomId,
        at: message.timestamp,
        actor: message.author,
        trust: 'member',
      },
      ...{ event: messageAsEvent(message), direct: null, asksForWork: false },
    });
    if (told) {
      this.push('inbox', { epoch: INBOX_EPOCH, head: number });
    }
  }

  askedFor(name: CommandName): Asked[] {
    return this.asked.filter((asked) => asked.name === name);
  }

  private serve(socket: Socket, connection: number): void {
    socket.onAny((name: CommandName, request: Request, acknowledge: Acknowledge) => {
      COMMANDS[name].request.parse(request);
      this.asked.push({ name, request, connection });
      const reply = this.answer(socket, name, request);
      const cuts = this.cuts.get(name) ?? 0;
      if (cuts > 0) {
        this.cuts.set(name, cuts - 1);
        socket.conn.close();
        return;
      }
      acknowledge(reply);
    });
  }

  private answer(socket: Socket, name: CommandName, request: Request): unknown {
    const refusal = this.refusals.get(name)?.shift();
    if (refusal) {
      return { ok: false, error: refusal };
    }
    const id = (request.commandId ?? request.clientMessageId) as string | undefined;
    const before = id && this.receipts.get(id);
    if (before) {
      return before;
    }
    const reply = this.carryOut(socket, name, request);
    if (id) {
      this.receipts.set(id, reply);
    }
    return reply;
  }

  private carryOut(socket: Socket, name: CommandName, request: Request): unknown {
    switch (name) {
      case 'agent_register':
        return ok({
          agentId: this.agentId,
          name: 'crusty',
          ownerId: randomUUID(),
          protocolVersion: 1,
          commitEmail: this.commitEmail,
          rooms: [this.roomId],
        });
      case 'read_inbox':
        return this.readInbox(request);
      case 'ack_inbox':
        this.acknowledged = Math.max(this.acknowledged, request['upTo'] as number);
        return ok({ epoch: INBOX_EPOCH, acknowledged: this.acknowledged });
      case 'join_room':
        return this.join(socket, request);
      case 'chat_message':
        return ok(aMessage({ roomId: this.roomId, message: request.message as string, userId: this.agentId }));
      case 'direct_message':
        return ok(aDirectMessage({ roomId: this.roomId, message: request.message as string, userId: this.agentId }));
      case 'open_pull_request':
        return ok({ number: 3, head: request.head });
      case 'claim_task':
        return this.claim(request);
      case 'lease_renew':
        return this.underLease(request, () => ok(this.lease(request.taskId)));
      case 'task_progress':
        return this.underLease(request, () => ok(aTask({ id: request.taskId })));
      case 'submit_work':
      case 'release_task':
      case 'fail_task':
        return this.underLease(request, () => {
          this.leases.delete(request.taskId);
          this.assignments.delete(request.taskId);
          return ok(aTask({ id: request.taskId }));
        });
      default:
        return ok({});
    }
  }

  private readInbox({ after = 0, limit }: Request & { after?: number; limit?: number }): unknown {
    const rest = this.inbox.filter(({ number }) => number > Math.max(this.acknowledged, after));
    const items = rest.slice(0, limit ?? 50);
    return ok({
      epoch: INBOX_EPOCH,
      items,
      upTo: items.at(-1)?.number ?? Math.max(this.acknowledged, after),
      hasMore: rest.length > items.length,
      acknowledged: this.acknowledged,
      forgottenUpTo: 0,
    });
  }

  private join(socket: Socket, { lastSeq, epoch }: Request): unknown {
    const { seq } = this.current;
    const recovered = epoch === this.current.epoch;
    const head = { roomId: this.roomId, epoch: this.current.epoch, seq, recovered };
    socket.emit('room_joined', {
      ...head,
      roomData: recovered ? null : { ...this.current, ...MOMENT },
      moment: MOMENT,
    });
    if (recovered) {
      for (const event of this.events.filter((one) => one.seq > (lastSeq as number))) {
        socket.emit(event.name, event.push);
      }
    }
    return ok(head);
  }

  private claim({ taskId }: Request): unknown {
    const assignment = this.assignments.get(taskId);
    if (!assignment) {
      return { ok: false, error: { code: 'task_not_open', message: 'The task is not open' } };
    }
    if (!this.leases.has(taskId)) {
      this.leases.set(taskId, randomUUID());
    }
    return ok({ lease: this.lease(taskId), assignment });
  }

  private lease(taskId: string) {
    return { leaseId: this.leases.get(taskId), taskId, fence: 1, expiresAt: this.expiry() };
  }

  private underLease({ taskId, leaseId }: Request, answer: () => unknown): unknown {
    return this.leases.get(taskId) === leaseId
      ? answer()
      : { ok: false, error: { code: 'lease_lost', message: 'The task is no longer yours' } };
  }

  private expiry(): string {
    return new Date(Date.now() + this.leaseMs).toISOString();
  }
}

const ok = (data: unknown) => ({ ok: true, data });
