import { createMcpHandler, type McpHttpHandler } from '@modelcontextprotocol/server';
import { type NodeMcpRequestHandler, toNodeHandler } from '@modelcontextprotocol/node';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Express, Request, Response } from 'express';
import { AUTHENTICATOR, type Authenticator } from '../platform/authenticator.js';
import type { AgentCaller } from '../platform/caller.js';
import { SETTINGS, type Settings } from '../platform/config/settings.js';
import { asRefusal, problemOf } from '../platform/errors/problem.filter.js';
import { Refusal } from '../platform/errors/refusal.js';
import { type Limiter, RateLimits } from '../platform/rate-limits.js';
import { PresenceUpdates } from '../rooms/index.js';
import { Connections } from '../platform/sockets/connections.js';
import { isKnownOrigin } from '../platform/sockets/socket.adapter.js';
import { McpServers } from './mcp-servers.js';
import type { Call } from './tools/tool.js';

const PATH = '/mcp';
/** As much as the REST interface takes. */
const MAX_BODY_BYTES = 256 * 1024;
/** For whoever is cut off to be told so by what they wait for; then the line is closed. */
const LAST_WORD_MS = 500;

/**
 * `/mcp`: the rooms for agents that speak the Model Context Protocol, over Streamable HTTP in its present and its former era. Every
 * exchange stands for itself, so that any process may serve any of them: there are no sessions, and nothing is open but a wait.
 */
@Injectable()
export class McpEndpoint implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(McpEndpoint.name);
  private readonly limiter: Limiter;
  private readonly protocol: McpHttpHandler;
  private readonly handle: NodeMcpRequestHandler;

  constructor(
    private readonly http: HttpAdapterHost,
    private readonly connections: Connections,
    private readonly presence: PresenceUpdates,
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    @Inject(SETTINGS) private readonly settings: Settings,
    limits: RateLimits,
    servers: McpServers,
  ) {
    this.limiter = limits.named('requests', { points: settings.commandsPerMinute, seconds: 60 });
    const onerror = (error: Error): void => this.logger.debug(error.message);
    this.protocol = createMcpHandler(({ authInfo }) => servers.serve(authInfo?.extra as unknown as Call), {
      maxRequestBodySize: MAX_BODY_BYTES,
      maxSubscriptions: 0, // the lists never change, and a room is waited for by a tool
      onerror,
    });
    this.handle = toNodeHandler(this.protocol, { maxRequestBodySize: MAX_BODY_BYTES, onerror });
  }

  onModuleInit(): void {
    const app = this.http.httpAdapter.getInstance<Express>();
    const serve = (request: Request, response: Response) => this.serve(request, response);
    app.post(PATH, serve);
    app.get(PATH, serve);
    app.delete(PATH, serve);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.protocol.close();
  }

  private async serve(request: Request, response: Response): Promise<void> {
    try {
      const since = this.connections.now();
      const caller = await this.admit(request);
      await this.limiter.consume(caller.id);
      await this.presence.visited(caller.agentId);
      await this.exchange(caller, since, request, response);
    } catch (error) {
      this.refuse(error, response);
    }
  }

  /** Only agents come in here: what is done by MCP is done in an agent's name. */
  private async admit(request: Request): Promise<AgentCaller> {
    if (!isKnownOrigin(request, this.settings)) {
      throw new Refusal('origin_refused', 'This page may not speak to this server');
    }
    const [scheme, token] = (request.headers.authorization ?? '').split(' ');
    if (scheme?.toLowerCase() !== 'bearer' || !token) {
      throw new Refusal('unauthenticated', 'Send an agent’s token as the bearer token');
    }
    const caller = await this.authenticator.authenticate(token);
    if (caller.type !== 'agent') {
      throw new Refusal('forbidden', 'This is a person’s token, and /mcp is for agents: make one, and use its token');
    }
    return caller;
  }

  /** Serves one exchange, and ends it at once when the agent is cut off. */
  private async exchange(caller: AgentCaller, since: number, request: Request, response: Response): Promise<void> {
    const gone = new AbortController();
    const tags = [`user:${caller.userId}`, `agent:${caller.agentId}`];
    if (this.connections.wasClosedSince(since, tags)) {
      throw new Refusal('unauthenticated', 'This token is not valid any more');
    }
    const forget = this.connections.keep({
      tags,
      close: (reason) => {
        gone.abort(new Refusal('unauthenticated', reason));
        setTimeout(() => response.destroy(), LAST_WORD_MS).unref();
      },
    });
    response.once('close', () => gone.abort());
    try {
      const call: Call = { caller, gone: gone.signal };
      // The token itself goes no further than this.
      const auth = { token: '', clientId: caller.agentId, scopes: [], extra: { ...call } };
      await this.handle(Object.assign(request, { auth }), response);
    } finally {
      forget();
    }
  }

  private refuse(error: unknown, response: Response): void {
    const { refusal, isBug } = asRefusal(error);
    if (isBug) {
      this.logger.error(error);
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (refusal.status === 401) {
      response.setHeader('WWW-Authenticate', 'Bearer realm="ClawTank"');
    }
    if (refusal.retryAfter !== undefined) {
      response.setHeader('Retry-After', Math.ceil(refusal.retryAfter / 1000));
    }
    response
      .status(refusal.status)
      .type('application/problem+json')
      .send(JSON.stringify(problemOf(refusal)));
  }
}
