import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { NewAgent, Room } from '@clawtank/contracts';
import { Server } from '../bridge/scene.js';
import { accepted, Person, type RoomSocket } from '../support/people.js';
import { aKey, type Answers, type Era, ERAS, McpAgent, type ToolName } from './mcp.support.js';

const BRIDGE = 'dist/bridge/clawtank-bridge.js';
const CALL_MS = 60_000;

/** A client of MCP that starts the bridge, as a program does that cannot speak HTTP. */
class StdioAgent {
  private constructor(
    readonly client: Client,
    private readonly transport: StdioClientTransport,
  ) {}

  static async start(url: string, token: string, folder: string, era: Era = 'modern'): Promise<StdioAgent> {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [BRIDGE, 'mcp', url, '--data', folder],
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, CLAWTANK_TOKEN: token },
      stderr: 'ignore',
    });
    const client = new Client(
      { name: 'test', version: '1' },
      { versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' } },
    );
    const agent = new StdioAgent(client, transport);
    await client.connect(transport, { timeout: CALL_MS });
    return agent;
  }

  get pid(): number {
    return this.transport.pid ?? 0;
  }

  async ask<Name extends ToolName>(name: Name, request: object = {}): Promise<Answers[Name]> {
    const answer = await this.client.callTool({ name, arguments: { ...request } }, { timeout: CALL_MS });
    if (answer.isError) {
      throw Object.assign(new Error(JSON.stringify(answer.structuredContent)), answer.structuredContent);
    }
    return answer.structuredContent as Answers[Name];
  }

  close(): Promise<void> {
    return this.client.close();
  }
}

describe('clawtank-bridge mcp', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clawtank-mcp-stdio-'));
  let server: Server;
  let owner: Person;
  let socket: RoomSocket;
  let room: Room;
  let helper: NewAgent;
  beforeAll(async () => {
    server = await Server.start();
    owner = await Person.register(server.url);
    socket = await owner.connect();
    room = await owner.createRoom();
    helper = await owner.bringAgent(room.id);
  }, 120_000);
  afterAll(async () => {
    socket.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const started = async <Answer>(
    talk: (agent: StdioAgent) => Promise<Answer>,
    era: Era = 'modern',
  ): Promise<Answer> => {
    const agent = await StdioAgent.start(server.url, helper.token, folder, era);
    return talk(agent).finally(() => agent.close());
  };
  /** The program with its own input and output, for what no client would do. */
  const run = (args: readonly string[], env: NodeJS.ProcessEnv) => {
    const child = spawn(process.execPath, [BRIDGE, 'mcp', ...args, '--data', folder], {
      env: { PATH: process.env['PATH'], HOME: folder, ...env },
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
    return { child, said, ended: once(child, 'close').then(() => child.exitCode) };
  };

  it.each<[Era, string]>([
    ['modern', '2026-07-28'],
    ['legacy', '2025-11-25'],
  ])('has for a client of the %s era the tools, resources and instructions of the server', async (era, version) => {
    const direct = await McpAgent.connect(server, helper.token, era);
    await started(async ({ client }) => {
      expect(client.getNegotiatedProtocolVersion()).toBe(version);
      expect(client.getInstructions()).toBe(direct.client.getInstructions());
      expect((await client.listTools()).tools).toEqual((await direct.client.listTools()).tools);
      expect((await client.listResources()).resources).toEqual((await direct.client.listResources()).resources);
      const templates = async (of: Client) => (await of.listResourceTemplates()).resourceTemplates;
      expect(await templates(client)).toEqual(await templates(direct.client));
      const uri = `clawtank://rooms/${room.id}/context`;
      expect((await client.readResource({ uri })).contents).toEqual(
        (await direct.client.readResource({ uri })).contents,
      );
    }, era);
    await direct.close();
  });

  it.each(ERAS)('works on a task for a client of the %s era', async (era) => {
    const { id: taskId } = await accepted(socket, 'create_task', {
      ...{ roomId: room.id, description: 'Look around', agentId: helper.agent.id },
    });
    await started(async (agent) => {
      const { events } = await agent.ask('wait_for_events', { timeoutSeconds: 20 });
      expect(events).toContainEqual(expect.objectContaining({ kind: 'task_offered', roomId: room.id }));
      const held = { roomId: room.id, taskId };
      const { lease } = await agent.ask('claim_task', { ...held, idempotencyKey: aKey() });
      const told = { ...held, leaseId: lease.leaseId, note: 'Looking', idempotencyKey: aKey() };
      expect((await agent.ask('report_progress', told)).task.state).toBe('in_progress');
      await agent.ask('release_task', { ...held, leaseId: lease.leaseId, idempotencyKey: aKey() });
      const again = agent.ask('report_progress', { ...told, idempotencyKey: aKey() });
      await expect(again).rejects.toMatchObject({ error: 'lease_lost' });
    }, era);
    await accepted(socket, 'cancel_task', { roomId: room.id, taskId });
  });

  it('goes on when the server was away, with the same key to the same end', async () => {
    await started(async (agent) => {
      await agent.ask('list_rooms');
      await server.kill();
      const message = { roomId: room.id, text: 'Said while nobody listened', clientMessageId: aKey() };
      const posting = agent.ask('post_message', message);
      await server.restart();
      const { message: posted } = await posting;
      expect((await agent.ask('post_message', message)).message.id).toBe(posted.id);
    });
    socket = await owner.connect();
  });

  it('says nothing on standard output that is not the protocol, and never its token', async () => {
    const { child, said, ended } = run([server.url], { CLAWTANK_TOKEN: helper.token });
    const clientInfo = { name: 'old', version: '1' };
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
    child.stdin.write('not json at all\n');
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`);
    await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
    child.stdin.end();
    expect(await ended).toBe(0);
    const messages = said.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { jsonrpc: string; id?: number });
    expect(messages).toContainEqual(expect.objectContaining({ jsonrpc: '2.0', id: 1 }));
    expect(messages.every(({ jsonrpc }) => jsonrpc === '2.0')).toBe(true);
    expect(said.stdout + said.stderr).not.toContain(helper.token);
  });

  it('ends with its input, in the middle of a wait', async () => {
    const agent = await StdioAgent.start(server.url, helper.token, folder);
    const { cursor } = await agent.ask('wait_for_events', { timeoutSeconds: 0 });
    const waiting = agent.ask('wait_for_events', { after: cursor, timeoutSeconds: 25 }).catch(() => 'ended');
    const { pid } = agent;
    await agent.close();
    expect(await waiting).toBe('ended');
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('explains on standard error why it cannot begin', async () => {
    const refused = run([server.url], { CLAWTANK_TOKEN: `cta_${'x'.repeat(43)}` });
    expect(await refused.ended).toBe(69);
    expect(refused.said).toEqual({ stdout: '', stderr: expect.stringContaining('does not know this token') as string });
    const without = run([server.url], {});
    expect(await without.ended).toBe(69);
    expect(without.said.stderr).toContain('The agent’s token is missing');
    const nowhere = run(['a-server'], { CLAWTANK_TOKEN: helper.token });
    expect(await nowhere.ended).toBe(64);
  });

  it('takes the token from a file, or as `join` has kept it', async () => {
    const file = join(folder, 'token');
    writeFileSync(file, `${helper.token}\n`, { mode: 0o600 });
    const { child, said, ended } = run([`${server.url}/rooms/${room.id}`, '--token-file', file], {});
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'old', version: '1' } };
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`);
    await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
    child.stdin.end();
    expect(await ended).toBe(0);
    expect(said.stdout).toContain('"name":"clawtank"');
  });

  it('whose agent is revoked says so to whoever asks next', async () => {
    const other = await owner.bringAgent(room.id);
    const agent = await StdioAgent.start(server.url, other.token, folder);
    await agent.ask('list_rooms'); // it has begun
    await owner.request('DELETE', `/api/agents/${other.agent.id}`);
    await expect(agent.ask('list_rooms')).rejects.toThrow('does not know this token');
    await agent.close();
  });
});
