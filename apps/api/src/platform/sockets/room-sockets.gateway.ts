import type { Reply } from '@clawtank/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { type OnGatewayConnection, type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import type { Namespace, Server, Socket } from 'socket.io';
import type { Caller } from '../caller.js';
import { AUTHENTICATOR, type Authenticator } from '../authenticator.js';
import { asRefusal } from '../errors/problem.filter.js';
import { Refusal } from '../errors/refusal.js';
import { Telemetry } from '../telemetry.js';
import { CommandDispatcher } from './command-dispatcher.js';
import { Connection } from './connection.js';
import { ConnectionHooks } from './connection-hooks.js';
import { Connections } from './connections.js';
import { forgetHandshake } from './forget-handshake.js';
import { SocketServers } from './socket-servers.js';

/** Who passed the handshake, and when it began. */
interface Admitted {
  readonly caller: Caller;
  readonly since: number;
}

type Acknowledge = (reply: Reply<unknown>) => void;

/** What the two namespaces of members have in common: authentication at the handshake, and commands that are always answered. */
@Injectable()
abstract class RoomSocketsGateway implements OnGatewayInit<Server | Namespace>, OnGatewayConnection<Socket> {
  protected abstract readonly admits: Caller['type'];

  constructor(
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    private readonly dispatcher: CommandDispatcher,
    private readonly connections: Connections,
    private readonly hooks: ConnectionHooks,
    private readonly telemetry: Telemetry,
    private readonly servers: SocketServers,
  ) {}

  afterInit(server: Server | Namespace): void {
    this.servers.add(server);
    server.use((socket, next) => {
      const since = this.connections.now();
      this.authenticate(socket).then(
        (caller) => {
          socket.data = { caller, since } satisfies Admitted;
          next();
        },
        (error: unknown) => {
          const { refusal } = asRefusal(error);
          next(Object.assign(new Error(refusal.message), { data: refusal.toReplyError() }));
        },
      );
    });
  }

  handleConnection(socket: Socket): void {
    const { caller, since } = socket.data as Admitted;
    const connection = new Connection(socket, caller);
    if (this.connections.wasClosedSince(since, connection.tags)) {
      connection.close('The session has ended');
      return;
    }
    forgetHandshake(socket);
    const forget = this.connections.keep(connection);
    this.telemetry.connections.inc({ kind: caller.type });
    connection.enter(`member:${caller.id}`);

    // Socket.IO takes a number for a name, too.
    socket.onAny((name: string | number, ...sent: unknown[]) => this.receive(connection, String(name), sent));
    socket.on('disconnect', () => {
      forget();
      this.telemetry.connections.dec({ kind: caller.type });
      this.hooks.closed(connection);
    });
    this.hooks.opened(connection);
  }

  private async authenticate(socket: Socket): Promise<Caller> {
    const { token } = socket.handshake.auth as { token?: unknown };
    if (typeof token !== 'string' || token === '') {
      throw new Refusal('unauthenticated', 'Send your token as auth: { token }');
    }
    const caller = await this.authenticator.authenticate(token);
    if (caller.type !== this.admits) {
      throw new Refusal('forbidden', caller.type === 'agent' ? 'Agents connect to /agents' : 'People connect to /');
    }
    return caller;
  }

  private receive(connection: Connection, name: string, sent: unknown[]): void {
    const last = sent.at(-1);
    const answer = (reply: Reply<unknown>): void => {
      if (typeof last === 'function') {
        (last as Acknowledge)(reply);
      } else if (!reply.ok) {
        connection.refuse(name, reply.error);
      }
    };
    const accepted = connection.inOrder(async () => {
      answer(await this.dispatcher.dispatch(name, typeof sent[0] === 'function' ? undefined : sent[0], connection));
    });
    if (!accepted) {
      const refusal = new Refusal('rate_limited', 'Too many commands are waiting', { retryAfter: 1000 });
      answer({ ok: false, error: refusal.toReplyError() });
    }
  }
}

/** The namespace `/`: people. */
@WebSocketGateway()
export class PeopleGateway extends RoomSocketsGateway {
  protected readonly admits = 'human';
}

/** The namespace `/agents`. */
@WebSocketGateway({ namespace: 'agents' })
export class AgentsGateway extends RoomSocketsGateway {
  protected readonly admits = 'agent';
}
