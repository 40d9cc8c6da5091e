import {
  type CallToolResult,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  Server,
} from '@modelcontextprotocol/server';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { Agents } from '../agents/index.js';
import { SETTINGS, type Settings } from '../platform/config/settings.js';
import { parse } from '../platform/errors/parse.js';
import { asRefusal } from '../platform/errors/problem.filter.js';
import { Refusal } from '../platform/errors/refusal.js';
import { CommandDispatcher } from '../platform/sockets/command-dispatcher.js';
import { describeTools } from './describe-tools.js';
import { INSTRUCTIONS } from './instructions.js';
import { RoomReader } from './room-reader.js';
import { RoomResources } from './room-resources.js';
import { TOOLS } from './tools/index.js';
import { type AnyTool, type Call, type Desk, failureOf } from './tools/tool.js';
import { EventWaits } from './waits/event-waits.js';

const TOOL_OF: ReadonlyMap<string, AnyTool> = new Map(TOOLS.map((tool) => [tool.name, tool]));
const DESCRIBED = describeTools(TOOLS);

/** What agents that speak MCP find here: the tools and the resources, the same in every era of the protocol. */
@Injectable()
export class McpServers {
  private readonly logger = new Logger(McpServers.name);
  private readonly desk: Desk;

  constructor(
    agents: Agents,
    commands: CommandDispatcher,
    rooms: RoomReader,
    waits: EventWaits,
    private readonly resources: RoomResources,
    @Inject(SETTINGS) { taskLeaseSeconds: leaseSeconds }: Settings,
  ) {
    this.desk = { agents, commands, rooms, waits, leaseSeconds };
  }

  /** A server for one exchange with one agent. `gone` is aborted once the agent has left or was cut off. */
  serve({ caller, gone }: Call): Server {
    const server = new Server(
      { name: 'clawtank', title: 'ClawTank', version: '1' },
      { capabilities: { tools: {}, resources: {} }, instructions: INSTRUCTIONS },
    );
    server.setRequestHandler('tools/list', () => ({ tools: [...DESCRIBED] }));
    server.setRequestHandler('tools/call', ({ params }, { mcpReq }) => {
      const tool = TOOL_OF.get(params.name);
      if (!tool) {
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, `There is no tool called ${params.name.slice(0, 60)}`);
      }
      return this.call(tool, { caller, gone: AbortSignal.any([gone, mcpReq.signal]) }, params.arguments ?? {});
    });
    server.setRequestHandler('resources/list', async () => ({
      resources: await this.answered('list_resources', caller, () => this.resources.list(caller)),
    }));
    server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: this.resources.templates }));
    server.setRequestHandler('resources/read', async ({ params: { uri } }) => ({
      contents: [await this.answered('read_resource', caller, () => this.resources.read(caller, uri), uri)],
    }));
    return server;
  }

  private async call(tool: AnyTool, call: Call, request: unknown): Promise<CallToolResult> {
    try {
      const answer = await tool.run(this.desk, call, parse(tool.input, request));
      requireNotCutOff(call);
      return answer.ok ? resultOf(tool.output.parse(answer.data)) : failed(answer.failure);
    } catch (error) {
      return failed(failureOf(this.refusalOf(error).toReplyError()));
    }
  }

  /** What a reply carries; a refusal becomes an error of the protocol, which is all that resources have for it. */
  private async answered<Data>(
    name: string,
    caller: Call['caller'],
    ask: () => Promise<Data>,
    uri?: string,
  ): Promise<Data> {
    const reply = await this.desk.commands.answer(name, caller, ask);
    if (reply.ok) {
      return reply.data;
    }
    const { code, message } = reply.error;
    if (uri !== undefined && code === 'not_found') {
      throw new ResourceNotFoundError(uri);
    }
    throw new ProtocolError(ProtocolErrorCode.InternalError, message, { error: code, message });
  }

  private refusalOf(error: unknown): Refusal {
    const { refusal, isBug } = asRefusal(error);
    if (isBug) {
      this.logger.error(error);
    }
    return refusal;
  }
}

/** Whoever was cut off meanwhile hears that, and nothing of what happened in the rooms. */
function requireNotCutOff({ gone }: Call): void {
  if (gone.reason instanceof Refusal) {
    throw gone.reason;
  }
}

/** As structured content, and as text for clients that know no other. */
const resultOf = (content: object): CallToolResult => ({
  content: [{ type: 'text', text: JSON.stringify(content) }],
  structuredContent: { ...content },
});

const failed = (failure: object): CallToolResult => ({ ...resultOf(failure), isError: true });
