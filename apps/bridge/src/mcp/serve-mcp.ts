import { once } from 'node:events';
import { ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { VERSION } from '../version.js';
import { type Asking, NoUpstream, Upstream } from './upstream.js';

type Client = Parameters<Parameters<Upstream['ask']>[1]>[0];

/**
 * Speaks MCP over standard input and output until the input ends: the tools and resources that the server has at `/mcp`, in the era of
 * whoever asks. Nothing but the protocol is written to standard output.
 */
export async function serveMcp(server: URL, token: string): Promise<void> {
  const upstream = await Upstream.connect(server, token);
  const served = serveStdio(() => proxyOf(upstream), {
    maxSubscriptions: 0, // as at `/mcp`: the lists never change
    onerror: ({ message }) => void process.stderr.write(`${message}\n`),
  });
  await once(process.stdin, 'close');
  await served.close();
  await upstream.close();
}

function proxyOf(upstream: Upstream): Server {
  const server = new Server(
    { name: 'clawtank', title: 'ClawTank', version: VERSION },
    { capabilities: { tools: {}, resources: {} }, instructions: upstream.instructions },
  );
  const pass = <Answer>(signal: AbortSignal, request: (client: Client, asking: Asking) => Promise<Answer>) =>
    upstream.ask(signal, request).catch((error: unknown) => {
      throw error instanceof NoUpstream ? new ProtocolError(ProtocolErrorCode.InternalError, error.message) : error;
    });
  server.setRequestHandler('tools/list', ({ params }, { mcpReq }) =>
    pass(mcpReq.signal, (client, asking) => client.listTools(params, asking)),
  );
  server.setRequestHandler('tools/call', ({ params }, { mcpReq }) =>
    pass(mcpReq.signal, (client, asking) => client.callTool(params, asking)),
  );
  server.setRequestHandler('resources/list', ({ params }, { mcpReq }) =>
    pass(mcpReq.signal, (client, asking) => client.listResources(params, asking)),
  );
  server.setRequestHandler('resources/templates/list', ({ params }, { mcpReq }) =>
    pass(mcpReq.signal, (client, asking) => client.listResourceTemplates(params, asking)),
  );
  server.setRequestHandler('resources/read', ({ params }, { mcpReq }) =>
    pass(mcpReq.signal, (client, asking) => client.readResource(params, asking)),
  );
  return server;
}
