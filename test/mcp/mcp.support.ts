import { randomUUID } from 'node:crypto';
import type { AgentKey, Approval, ClaimedPaths, ContextMessage, Lease, Task } from '@clawtank/contracts';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

/** The protocol as it is now, without a handshake, and as it was until 2025-11-25, with one. */
export const ERAS = ['modern', 'legacy'] as const;
export type Era = (typeof ERAS)[number];

export type ToldTask = Task & { readonly trust: string };

export interface ToldMessage {
  readonly id: string;
  readonly seq: number;
  readonly text: string;
  readonly trust: string;
  readonly author: { readonly type: string; readonly name: string };
}

/** What the tools answer, as far as tests look at it. */
export interface Answers {
  readonly list_rooms: {
    agentId: string;
    name: string;
    commitEmail: string;
    rooms: { id: string; name: string; abilities: string[] }[];
  };
  readonly register_key: { key: AgentKey };
  readonly list_tasks: { tasks: ToldTask[] };
  readonly get_task: { task: ToldTask; history: { what: string; note: string | null }[] };
  readonly claim_task: {
    lease: Lease;
    task: ToldTask;
    contextMessages: ContextMessage[];
    repository: { cloneUrl: string } | null;
    push: string | null;
  };
  readonly claim_paths: ClaimedPaths;
  readonly report_progress: { task: ToldTask; leaseSeconds: number; cancelRequested: boolean };
  readonly submit_work: { task: ToldTask };
  readonly release_task: { task: ToldTask };
  readonly fail_task: { task: ToldTask };
  readonly request_approval: { approval: Approval };
  readonly withdraw_approval: { approval: Approval };
  readonly get_approval: { approval: Approval };
  readonly read_messages: { messages: ToldMessage[]; before: number | null; after: number };
  readonly post_message: { message: ToldMessage };
  readonly wait_for_events: {
    events: {
      kind: string;
      roomId: string;
      seq: number | null;
      trust: string;
      direct?: { readonly text: string };
      task?: ToldTask;
      message?: ToldMessage;
      approval?: Approval;
      note?: string;
    }[];
    cursor: string;
    missed: boolean;
  };
}
export type ToolName = keyof Answers;
export type Waited = Answers['wait_for_events'];

/** What a tool says that did not do as it was asked. */
export interface Refused {
  readonly error: string;
  readonly message: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly cancelRequested?: boolean;
  readonly retryAfter?: number;
}

/** A real MCP client of one agent. */
export class McpAgent {
  private constructor(readonly client: Client) {}

  static async connect(server: { readonly url: string }, token: string, era: Era = 'modern'): Promise<McpAgent> {
    const client = new Client(
      { name: 'test', version: '1' },
      { versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' } },
    );
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), {
        requestInit: { headers: { authorization: `Bearer ${token}` } },
      }),
    );
    return new McpAgent(client);
  }

  /** What a tool answers when it does as it was asked; throws what it says otherwise. */
  async ask<Name extends ToolName>(name: Name, request: object = {}, signal?: AbortSignal): Promise<Answers[Name]> {
    const { isError, structuredContent } = await this.call(name, request, signal);
    if (isError) {
      throw Object.assign(new Error(`${name}: ${JSON.stringify(structuredContent)}`), structuredContent);
    }
    return structuredContent as Answers[Name];
  }

  /** What a tool says that does not do as it was asked. */
  async refused(name: ToolName, request: object = {}): Promise<Refused> {
    const { isError, structuredContent } = await this.call(name, request);
    if (!isError) {
      throw new Error(`${name} did it: ${JSON.stringify(structuredContent)}`);
    }
    return structuredContent as Refused;
  }

  call(name: string, request: object = {}, signal?: AbortSignal) {
    return this.client.callTool({ name, arguments: { ...request } }, { timeout: 40_000, ...(signal && { signal }) });
  }

  close(): Promise<void> {
    return this.client.close();
  }
}

/** A key that was not used before. */
export const aKey = (): string => randomUUID();

/** A message of the protocol as it travelled until 2025-11-25, sent without any client. */
export function post(
  server: { readonly url: string },
  token: string | undefined,
  message: unknown,
  options: { readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal } = {},
): Promise<Response> {
  return fetch(`${server.url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...options.headers,
    },
    body: typeof message === 'string' ? message : JSON.stringify(message),
    ...(options.signal && { signal: options.signal }),
  });
}

/** The one message in an answer, whether it came as an event or by itself. */
export async function messageIn(response: Response): Promise<{ result?: object; error?: { code: number } }> {
  const text = await response.text();
  const data = /^data: (.+)$/m.exec(text)?.[1] ?? text;
  return JSON.parse(data) as object;
}
