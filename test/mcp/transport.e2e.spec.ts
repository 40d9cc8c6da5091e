import type { NewAgent, Room } from '@clawtank/contracts';
import { startTestServer, type TestServer } from '../support/app.js';
import { Person } from '../support/people.js';
import { type Era, ERAS, McpAgent, messageIn, post } from './mcp.support.js';

const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };
const TOOLS = [
  'claim_paths',
  'claim_task',
  'fail_task',
  'get_approval',
  'get_task',
  'list_rooms',
  'list_tasks',
  'post_message',
  'read_messages',
  'register_key',
  'release_task',
  'report_progress',
  'request_approval',
  'submit_work',
  'wait_for_events',
  'withdraw_approval',
];

interface Schema {
  readonly type?: string;
  readonly additionalProperties?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
}

describe('/mcp', () => {
  let server: TestServer;
  let host: Person;
  let room: Room;
  let helper: NewAgent;
  beforeAll(async () => {
    server = await startTestServer();
    host = await Person.register(server.url);
    room = await host.createRoom();
    helper = await host.bringAgent(room.id);
  });
  afterAll(() => server.close());

  const speaking = async <Answer>(era: Era, talk: (agent: McpAgent) => Promise<Answer>): Promise<Answer> => {
    const agent = await McpAgent.connect(server, helper.token, era);
    return talk(agent).finally(() => agent.close());
  };

  describe('lets in nobody', () => {
    it.each([
      ['without a token', undefined],
      ['with a token that never was', `cta_${'x'.repeat(50)}`],
      ['with something else', 'nonsense'],
    ])('%s, and says how to ask', async (_, token) => {
      const response = await post(server, token, PING);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer realm="ClawTank"/);
      expect(await response.json()).toMatchObject({ code: 'unauthenticated' });
    });

    it('who is a person, and says what to use instead', async () => {
      const response = await post(server, host.token, PING);
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({
        code: 'forbidden',
        detail: expect.stringContaining('agents') as string,
      });
    });

    it('from a page of somewhere else', async () => {
      const from = (origin: string) => post(server, helper.token, PING, { headers: { origin } });
      expect((await from('https://elsewhere.example')).status).toBe(403);
      expect((await from('null')).status).toBe(403);
      expect((await from(server.url)).status).toBe(200);
    });

    it('who sends more than it takes', async () => {
      const large = { ...PING, params: { padding: 'x'.repeat(300_000) } };
      expect((await post(server, helper.token, large)).status).toBe(413);
    });

    it('who sends what is no message', async () => {
      expect((await post(server, helper.token, '{"jsonrpc":')).status).toBe(400);
      expect((await post(server, helper.token, { hello: 'there' })).status).toBe(400);
      const text = await post(server, helper.token, PING, { headers: { 'content-type': 'text/plain' } });
      expect(text.status).toBe(415);
    });
  });

  it('keeps no session, so there is none to listen to or to end', async () => {
    for (const method of ['GET', 'DELETE']) {
      const response = await fetch(`${server.url}/mcp`, {
        method,
        headers: { accept: 'text/event-stream', authorization: `Bearer ${helper.token}` },
      });
      expect(response.status).toBe(405);
    }
  });

  it('opens no line on which nothing would ever come', async () => {
    const version = '2026-07-28';
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': version,
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const params = { _meta, notifications: { toolsListChanged: true } };
    const message = { jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params };
    const headers = { 'mcp-protocol-version': version, 'mcp-method': 'subscriptions/listen' };
    const answer = await messageIn(await post(server, helper.token, message, { headers }));
    expect(answer.error?.code).toBe(-32603);
  });

  it('speaks the protocol of 2025-11-25 with a client that knows no other', async () => {
    const clientInfo = { name: 'old', version: '1' };
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
    const welcome = await post(server, helper.token, { jsonrpc: '2.0', id: 1, method: 'initialize', params });
    expect(welcome.status).toBe(200);
    expect(welcome.headers.get('mcp-session-id')).toBeNull();
    expect(await messageIn(welcome)).toMatchObject({
      result: {
        protocolVersion: '2025-11-25',
        serverInfo: { name: 'clawtank' },
        capabilities: { tools: {}, resources: {} },
        instructions: expect.stringContaining('never an instruction') as string,
      },
    });
    const headers = { 'mcp-protocol-version': '2025-11-25' };
    const ready = { jsonrpc: '2.0', method: 'notifications/initialized' };
    expect((await post(server, helper.token, ready, { headers })).status).toBe(202);
    const call = { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'list_rooms', arguments: {} } };
    expect(await messageIn(await post(server, helper.token, call, { headers }))).toMatchObject({
      id: 2,
      result: { structuredContent: { rooms: [{ id: room.id }] } },
    });
    const unknown = await post(server, helper.token, call, { headers: { 'mcp-protocol-version': '1999-01-01' } });
    expect(unknown.status).toBe(400);
  });

  it.each<[Era, string]>([
    ['modern', '2026-07-28'],
    ['legacy', '2025-11-25'],
  ])('agrees with a client of the %s era on %s', async (era, version) => {
    await speaking(era, async ({ client }) => {
      expect(client.getNegotiatedProtocolVersion()).toBe(version);
      expect(client.getInstructions()).toContain('never an instruction');
    });
  });

  describe.each(ERAS)('tells a client of the %s era of its tools', (era) => {
    const listed = () => speaking(era, async ({ client }) => (await client.listTools()).tools);

    it('all of them, and no others', async () => {
      expect((await listed()).map(({ name }) => name).sort()).toEqual(TOOLS);
    });

    it('and what each of them does to the world', async () => {
      const hints = (await listed()).map(({ name, annotations }) => {
        const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = annotations ?? {};
        return [name, readOnlyHint, destructiveHint, idempotentHint, openWorldHint] as const;
      });
      const reads = ['list_rooms', 'list_tasks', 'get_task', 'get_approval', 'read_messages', 'wait_for_events'];
      for (const hint of hints) {
        expect(hint).toEqual([hint[0], reads.includes(hint[0]), hint[0] === 'fail_task', true, false]);
      }
    });

    it('in schemas that admit what they name and nothing else', async () => {
      for (const { name, title, description, inputSchema, outputSchema } of await listed()) {
        expect(title).toBeTruthy();
        expect(description?.length).toBeGreaterThan(20);
        const [input, output] = [inputSchema as Schema, outputSchema as Schema];
        expect(input).toMatchObject({ type: 'object', additionalProperties: false });
        expect(output.type).toBe('object');
        const [answer, failure] = output.anyOf ?? [];
        expect(answer?.additionalProperties).toBe(false);
        expect(failure).toMatchObject({ additionalProperties: false, required: ['error', 'message'] });
        const changes = ![
          'list_rooms',
          'list_tasks',
          'get_task',
          'get_approval',
          'read_messages',
          'wait_for_events',
        ].includes(name);
        const key = name === 'post_message' ? 'clientMessageId' : 'idempotencyKey';
        expect(input.required?.includes(key) ?? false).toBe(changes);
        expect(Object.keys(input.properties ?? {})).not.toContain('commandId');
      }
    });
  });
});
