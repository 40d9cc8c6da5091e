import { setTimeout as delay } from 'node:timers/promises';
import { Client, SdkHttpError, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { VERSION } from '../version.js';

const PROTOCOL = '2026-07-28';
/** How long a server that is away is waited for. Clients of MCP give a call a minute or more. */
const PATIENCE_MS = 20_000;
const AGAIN_MS = 500;
/** The longest wait of a tool is 25 seconds. */
const ANSWER_MS = 60_000;

/** The server cannot be asked; the message is for the agent's owner. */
export class NoUpstream extends Error {}

/** How one request is asked. */
export interface Asking {
  readonly signal: AbortSignal;
  readonly timeout: number;
}

/**
 * A server's `/mcp`, asked in an agent's name. Every exchange stands for itself there, and whatever changes something carries a key of
 * the caller's: so what was not answered because the server was away is asked again.
 */
export class Upstream {
  private constructor(
    private readonly client: Client,
    private readonly server: URL,
  ) {}

  /** Rejects with `NoUpstream` if the server does not answer or does not know the token. */
  static async connect(server: URL, token: string): Promise<Upstream> {
    const client = new Client(
      { name: 'clawtank-bridge', version: VERSION },
      { versionNegotiation: { mode: { pin: PROTOCOL } } },
    );
    const upstream = new Upstream(client, server);
    const headers = { authorization: `Bearer ${token}` };
    await upstream.persistently(new AbortController().signal, () =>
      client.connect(new StreamableHTTPClientTransport(new URL('/mcp', server), { requestInit: { headers } })),
    );
    return upstream;
  }

  get instructions(): string {
    return this.client.getInstructions() ?? '';
  }

  ask<Answer>(signal: AbortSignal, request: (client: Client, asking: Asking) => Promise<Answer>): Promise<Answer> {
    return this.persistently(signal, () => request(this.client, { signal, timeout: ANSWER_MS }));
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  private async persistently<Answer>(signal: AbortSignal, ask: () => Promise<Answer>): Promise<Answer> {
    for (const deadline = performance.now() + PATIENCE_MS; ; await delay(AGAIN_MS, undefined, { signal })) {
      try {
        return await ask();
      } catch (error) {
        if (isRefused(error)) {
          throw new NoUpstream(`${this.server.host} does not know this token, or does not know it any more`);
        }
        if (!isAway(error)) {
          throw error;
        }
        if (performance.now() > deadline) {
          throw new NoUpstream(`${this.server.host} does not answer`);
        }
        signal.throwIfAborted();
      }
    }
  }
}

const isRefused = (error: unknown): boolean =>
  error instanceof UnauthorizedError || (error instanceof SdkHttpError && [401, 403].includes(error.status));

/** Nobody listens there, the line broke, or what stands before the server says that it is not there. */
function isAway(error: unknown): boolean {
  if (error instanceof SdkHttpError) {
    return [502, 503, 504].includes(error.status);
  }
  const { cause } = error as { cause?: unknown };
  return error instanceof TypeError || cause instanceof TypeError;
}
