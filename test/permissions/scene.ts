import { randomUUID } from 'node:crypto';
import type {
  Approval,
  ChatMessage,
  CommandName,
  Lease,
  NewAgent,
  ReplyError,
  SpectatorChatMode,
  Task,
} from '@clawtank/contracts';
import { DataSource } from 'typeorm';
import type { TestServer } from '../support/app.js';
import { accepted, command, connect, eventually, Person, request, type RoomSocket } from '../support/people.js';
import { aSpectatorMessage } from '../support/spectator-message.js';
import { pushBranch } from '../support/push-branch.js';
import { CALLERS, type CallerName } from './table.js';

const PASSWORD = 'correct horse battery';

/** People with a part in the scene; those who are no callers are acted upon. */
const PEOPLE = [
  'spectator',
  'outsider',
  'guest',
  'member',
  'moderator',
  'host',
  'admin',
  'banned',
  /** A member whom things are done to. */
  'target',
  /** A member, and the owner of the other agent. */
  'other',
  /** Somebody without a seat whom things are done to. */
  'newcomer',
] as const;
type PersonName = (typeof PEOPLE)[number];

const SEATED = {
  host: 'host',
  moderator: 'moderator',
  member: 'member',
  guest: 'guest',
  other: 'member',
  target: 'member',
} as const;

/** A request with what its row's subject leaves open. */
export interface Asked {
  /** Parts of the path, by name. What is about the scene's room need not be named. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: unknown;
  readonly bytes?: Buffer;
  /** Instead of the caller's own. */
  readonly token?: string;
  /** The request of a command. */
  readonly request?: unknown;
}

/** A private room with everybody in their place, who are back in it before every request. */
export class Scene {
  private constructor(
    readonly server: TestServer,
    readonly people: Readonly<Record<PersonName, Person>>,
    readonly agents: { readonly agent: NewAgent; readonly otherAgent: NewAgent },
    /** An agent of each person that has no seat. */
    readonly idleAgents: ReadonlyMap<string, string>,
    /** People's passwords for git, by their access token. */
    private readonly gitTokens: ReadonlyMap<string, string>,
    private readonly sockets: Readonly<Partial<Record<CallerName | 'target', RoomSocket>>>,
  ) {}

  roomId = '';
  /** Whether anything is elsewhere than a request should find it. */
  private isTouched = true;
  private pull: { number: number; head: string; headSha: string } | undefined;

  static async prepare(server: TestServer): Promise<Scene> {
    const people = Object.fromEntries(
      await Promise.all(PEOPLE.map(async (name) => [name, await Person.register(server.url)] as const)),
    ) as Record<PersonName, Person>;
    await server.app.get(DataSource).query(`UPDATE users SET role = 'admin' WHERE id = $1`, [people.admin.id]);
    people.admin = await Person.signIn(server.url, people.admin.name, PASSWORD);
    const anAgent = (owner: Person, name: string) => owner.request<NewAgent>('POST', '/api/agents', { name });
    const agents = {
      agent: await anAgent(people.member, 'helper'),
      otherAgent: await anAgent(people.other, 'otherhelper'),
    };
    const idle = await Promise.all(
      Object.values(people).map(async (person) => [person.id, (await anAgent(person, 'idler')).agent.id] as const),
    );
    const gitTokens = await Promise.all(
      Object.values(people).map(async (person) => {
        const made = await person.request<{ token: string }>('POST', '/api/auth/tokens', { name: 'git' });
        return [person.token, made.token] as const;
      }),
    );
    const sockets: Partial<Record<CallerName | 'target', RoomSocket>> = { target: await people.target.connect() };
    for (const caller of CALLERS) {
      if (caller === 'agent' || caller === 'otherAgent') {
        sockets[caller] = await connect(server.url, '/agents', agents[caller].token);
      } else if (caller !== 'anonymous') {
        sockets[caller] = await people[caller].connect();
      }
    }
    const scene = new Scene(server, people, agents, new Map(idle), new Map(gitTokens), sockets);
    await people.outsider.createRoom();
    await scene.settle();
    return scene;
  }

  close(): void {
    Object.values(this.sockets).forEach((socket) => socket.close());
  }

  /** What a request needs beyond what everybody finds. */
  private touch(): this {
    this.isTouched = true;
    return this;
  }

  sql<Row>(text: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.server.app.get(DataSource).query<Row[]>(text, [...parameters]);
  }

  /** Puts everything back to where each request finds it. */
  async settle(): Promise<void> {
    if (!this.isTouched) {
      return;
    }
    this.isTouched = false;
    const [room] = await this.sql(`SELECT 1 FROM rooms WHERE id = $1`, [this.roomId || randomUUID()]);
    if (!room) {
      this.roomId = (await this.people.host.createRoomWithRepository()).id;
      this.pull = undefined;
    }
    const seats = [
      ...Object.entries(SEATED).map(([name, role]) => ({
        member_id: this.people[name as keyof typeof SEATED].id,
        user_id: this.people[name as keyof typeof SEATED].id,
        agent_id: null,
        member_type: 'human',
        role,
      })),
      ...Object.values(this.agents).map(({ agent }) => ({
        member_id: agent.id,
        user_id: agent.ownerId,
        agent_id: agent.id,
        member_type: 'agent',
        role: 'member',
      })),
    ];
    await this.sql(
      `WITH seats AS (SELECT * FROM jsonb_to_recordset($2::jsonb) AS s(member_id uuid, user_id uuid, agent_id uuid, member_type text, role text)),
            gone AS (DELETE FROM room_members WHERE room_id = $1 AND member_id NOT IN (SELECT member_id FROM seats)),
            unbanned AS (DELETE FROM room_bans WHERE room_id = $1 AND user_id <> $3),
            unbound AS (DELETE FROM seat_restrictions WHERE room_id = $1),
            uninvited AS (DELETE FROM invitations WHERE room_id = $1),
            undone AS (DELETE FROM tasks WHERE room_id = $1),
            banned AS (INSERT INTO room_bans (room_id, user_id, banned_by, created_at) VALUES ($1, $3, $4, now()) ON CONFLICT DO NOTHING),
            living AS (UPDATE rooms SET archived_at = NULL, visibility = 'private', settings = '{}' WHERE id = $1)
       INSERT INTO room_members (room_id, member_id, user_id, agent_id, member_type, role, joined_seq)
       SELECT $1, member_id, user_id, agent_id, member_type, role, 1 FROM seats
       ON CONFLICT (room_id, member_id) DO UPDATE SET role = excluded.role, muted_until = NULL`,
      [this.roomId, JSON.stringify(seats), this.people.banned.id, this.people.host.id],
    );
  }

  /** The person behind a caller: an agent's owner. */
  personOf(caller: CallerName): Person {
    const owners = { anonymous: 'newcomer', agent: 'member', otherAgent: 'other' } as const;
    return this.people[caller in owners ? owners[caller as keyof typeof owners] : (caller as PersonName)];
  }

  tokenOf(caller: CallerName): string | undefined {
    if (caller === 'anonymous') {
      return undefined;
    }
    return caller === 'agent' || caller === 'otherAgent' ? this.agents[caller].token : this.people[caller].token;
  }

  /** Says something, as whoever the caller is if they may speak here, or else as the target. */
  async say(caller: CallerName | 'target' = 'target'): Promise<ChatMessage> {
    return accepted(this.speaker(caller), 'chat_message', { roomId: this.roomId, message: 'hello' });
  }

  async sayTo(toMemberId: string, caller: CallerName | 'target' = 'target') {
    const speaker = this.speaker(caller);
    return accepted(speaker, 'direct_message', { roomId: this.roomId, toMemberId, message: 'hello' });
  }

  newTask(agentId?: string): Promise<Task> {
    return accepted(this.sockets.host!, 'create_task', {
      roomId: this.roomId,
      description: 'do it',
      ...(agentId && { agentId }),
    });
  }

  /** A task that the member's agent holds. */
  async leased(): Promise<{ roomId: string; taskId: string; leaseId: Lease['leaseId'] }> {
    const { id: taskId } = await this.touch().newTask();
    const { lease } = await accepted(this.sockets.agent!, 'claim_task', { roomId: this.roomId, taskId });
    return { roomId: this.roomId, taskId, leaseId: lease.leaseId };
  }

  /** A step that the member's agent asks leave for. */
  async approval(): Promise<Approval> {
    return (await this.askedStep()).approval;
  }

  /** The same, with what the agent names it by. */
  async askedStep() {
    const step = { ...(await this.leased()), approvalId: randomUUID() };
    const words = { kind: 'execute', title: 'Publish it' } as const;
    return { step, approval: await accepted(this.sockets.agent!, 'request_approval', { ...step, ...words }) };
  }

  /** An open pull request of the member's agent. */
  async pullRequest(): Promise<{ number: number; head: string; headSha: string }> {
    if (!this.pull) {
      const head = `agent/${randomUUID()}`;
      await this.leased();
      await pushBranch(this.server, this.roomId, this.agents.agent.token, head);
      const request = { roomId: this.roomId, title: 'A change', head };
      const { number, headSha } = await accepted(this.sockets.agent!, 'open_pull_request', request);
      this.pull = { number, head, headSha };
      // The room hears of it a moment later, as of any provider's.
      const path = `/api/rooms/${this.roomId}/pulls/${number}`;
      await eventually(() => this.people.host.request('GET', path).catch(() => undefined));
    }
    await this.sql(`UPDATE hosted_pull_requests SET state = 'open' WHERE room_id = $1`, [this.roomId]);
    return this.pull;
  }

  /** A link into the room that the host made. */
  link(): Promise<{ token: string; invitation: { id: string } }> {
    return this.touch().people.host.request('POST', `/api/rooms/${this.roomId}/invitations`, {});
  }

  /** An open invitation of `person`, also of somebody whom nobody could invite. */
  async personalInvitation(person: Person): Promise<string> {
    const id = randomUUID();
    await this.touch().sql(
      `INSERT INTO invitations (id, room_id, invitee_id, created_by, expires_at, max_uses) VALUES ($1, $2, $3, $4, now() + interval '1 day', 1)`,
      [id, this.roomId, person.id, this.people.host.id],
    );
    return id;
  }

  /** How the chat of the room's spectators is held. */
  holdChat(mode: SpectatorChatMode): Promise<unknown> {
    return this.touch().sql(
      `UPDATE rooms SET settings = settings || jsonb_build_object('spectatorChat', $2::text) WHERE id = $1`,
      [this.roomId, mode],
    );
  }

  /** What a spectator said, as the host brought it into the room; answers with the id of that message. */
  async promoted(): Promise<string> {
    const spectatorMessageId = await aSpectatorMessage(this.server, this.roomId);
    const request = { roomId: this.roomId, spectatorMessageId };
    return (await accepted(this.sockets.host!, 'promote_spectator_message', request)).id;
  }

  makePublic(): Promise<unknown> {
    return this.touch().sql(`UPDATE rooms SET visibility = 'public' WHERE id = $1`, [this.roomId]);
  }

  archive(): Promise<unknown> {
    return this.touch().sql(`UPDATE rooms SET archived_at = now() WHERE id = $1`, [this.roomId]);
  }

  /** Asks over REST; answers `ok`, or the code of the refusal. */
  async ask(caller: CallerName, subject: string, asked: Asked): Promise<string> {
    const [method = '', pattern = ''] = subject.split(' ');
    const parts: Record<string, string> = {
      id: this.roomId,
      userId: this.people.target.id,
      agentId: this.agents.agent.agent.id,
      ...asked.path,
    };
    const path = pattern.replace(/:(\w+)|\*(\w+)/g, (_, name: string, rest: string) => parts[name ?? rest] ?? '');
    const token = asked.token ?? this.tokenOf(caller);
    const response = await fetch(`${this.server.url}${path}${asked.query ?? ''}`, {
      method: method === 'ALL' ? 'GET' : method,
      redirect: 'manual',
      headers: {
        ...(asked.body !== undefined && { 'content-type': 'application/json' }),
        ...(asked.bytes && { 'content-type': 'text/plain', 'x-file-name': 'notes.txt' }),
        ...(token && {
          authorization: path.startsWith('/git/') ? this.basic(token) : `Bearer ${token}`,
        }),
      },
      ...(asked.body !== undefined && { body: JSON.stringify(asked.body) }),
      ...(asked.bytes && { body: new Uint8Array(asked.bytes) }),
    });
    const text = await response.text();
    if (response.ok) {
      this.isTouched ||= method !== 'GET';
      return 'ok';
    }
    const code = response.headers.get('content-type')?.includes('problem+json')
      ? (JSON.parse(text) as ReplyError).code
      : undefined;
    const byStatus: Record<number, string> = { 401: 'unauthenticated', 403: 'forbidden', 404: 'not_found' };
    return code ?? byStatus[response.status] ?? String(response.status);
  }

  /** Sends a command in the namespace of the caller; answers `ok`, or the code of the refusal. */
  async command(caller: CallerName, name: CommandName, { request: asked }: Asked): Promise<string> {
    const socket = this.sockets[caller];
    if (!socket) {
      return this.knock();
    }
    const reply = await command(socket, name, {
      roomId: this.roomId,
      ...(asked as object),
    });
    this.isTouched ||= reply.ok;
    return reply.ok ? 'ok' : reply.error.code;
  }

  private basic(token: string): string {
    return `Basic ${Buffer.from(`git:${this.gitTokens.get(token) ?? token}`).toString('base64')}`;
  }

  /** What somebody without a token hears when they try to connect. */
  private async knock(): Promise<string> {
    const refused: unknown = await connect(this.server.url, '/', '').then(
      (socket) => socket.close(),
      (error: unknown) => error,
    );
    return (refused as { reply?: ReplyError } | undefined)?.reply?.code ?? 'ok';
  }

  private speaker(caller: CallerName | 'target'): RoomSocket {
    const mute: readonly string[] = ['anonymous', 'spectator', 'outsider', 'guest', 'admin', 'banned'];
    return this.sockets[mute.includes(caller) ? 'target' : caller]!;
  }

  /** A person who can be done away with. */
  someone(): Promise<Person> {
    return Person.register(this.server.url);
  }

  signedIn(person: Person): Promise<{ accessToken: string }> {
    return request(this.server.url, 'POST', '/api/auth/login', { body: { username: person.name, password: PASSWORD } });
  }
}
