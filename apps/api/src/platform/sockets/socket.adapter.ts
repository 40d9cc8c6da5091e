import type { IncomingMessage } from 'node:http';
import type { INestApplicationContext } from '@nestjs/common';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { createAdapter } from '@socket.io/redis-adapter';
import type { Redis } from 'ioredis';
import type { Server, ServerOptions } from 'socket.io';
import type { Settings } from '../config/settings.js';
import { connectRedis, disconnect } from '../bus/redis.js';
import { Telemetry } from '../telemetry.js';
import { sendDirectly } from './direct-broadcast.js';
import { limitHandshakes } from './limit-handshakes.js';

export const MAX_FRAME_BYTES = 64 * 1024;
const HANDSHAKE_MS = 10_000;

/** Socket.IO as this server speaks it: WebSocket only, small frames, known origins, and Redis between processes if there is one. */
export class SocketAdapter extends IoAdapter {
  private readonly redis: Redis[] = [];

  constructor(
    private readonly context: INestApplicationContext,
    private readonly settings: Settings,
  ) {
    super(context);
  }

  override createIOServer(port: number, options?: Partial<ServerOptions>): Server {
    const server = super.createIOServer(port, {
      ...options,
      transports: ['websocket'],
      serveClient: false,
      maxHttpBufferSize: MAX_FRAME_BYTES,
      connectTimeout: HANDSHAKE_MS,
      perMessageDeflate: false,
      cleanupEmptyChildNamespaces: true,
      allowRequest: (request: IncomingMessage, decide: (error: string | null | undefined, allowed: boolean) => void) =>
        decide(
          null,
          this.settings.role !== 'worker' && isKnownOrigin(request, this.settings) && speaksOurProtocol(request),
        ),
      ...(this.settings.redisUrl && { adapter: this.redisAdapter(this.settings.redisUrl) }),
    } as ServerOptions);
    sendDirectly(server, () => this.context.get(Telemetry).slowConnections.inc());
    limitHandshakes(server);
    return server;
  }

  /** Without handlers Nest would still make four observables for each socket, which live as long as it does. */
  override bindMessageHandlers(...[socket, handlers, transform]: Parameters<IoAdapter['bindMessageHandlers']>): void {
    if (handlers.length > 0) {
      super.bindMessageHandlers(socket, handlers, transform);
    }
  }

  /** Gateways here hear of the end from their sockets themselves: none has a `handleDisconnect`, for which each would get a listener. */
  override bindClientDisconnect(): void {}

  override async dispose(): Promise<void> {
    await Promise.all(this.redis.map(disconnect));
  }

  private redisAdapter(url: string): ServerOptions['adapter'] {
    const [publisher, subscriber] = [connectRedis(url), connectRedis(url)];
    this.redis.push(publisher, subscriber);
    // Each namespace listens for errors, and each room that spectators watch has one.
    [publisher, subscriber].forEach((redis) => redis.setMaxListeners(0));
    return createAdapter(publisher, subscriber, {
      key: `${this.settings.redisPrefix}socket.io`,
    }) as ServerOptions['adapter'];
  }
}

/** Engine.IO would open the WebSocket of an older protocol before it finds that it does not speak it. */
const speaksOurProtocol = ({ url = '' }: IncomingMessage): boolean => /[?&]EIO=4(?:&|$)/.test(url);

/** Browsers say where a page came from: it must be this server, or one that the settings name. Agents say nothing. */
export function isKnownOrigin({ headers }: IncomingMessage, { publicUrl, allowedOrigins }: Settings): boolean {
  const { origin, host } = headers;
  if (origin === undefined) {
    return true;
  }
  if (!URL.canParse(origin)) {
    return false;
  }
  const from = new URL(origin);
  return from.host === host || from.origin === new URL(publicUrl).origin || allowedOrigins.includes(from.origin);
}
