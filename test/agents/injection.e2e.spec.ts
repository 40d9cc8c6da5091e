import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { talkPrompt, taskPrompt } from '@clawtank/agent-work';
import type {
  AgentSelf,
  ChatMessage,
  ContextMessage,
  MessagePage,
  SpectatorChatAccepted,
  TaskAssignment,
} from '@clawtank/contracts';
import type { WebhookDefinition } from '@octokit/webhooks-examples';
import { DataSource } from 'typeorm';
import { contextOfRoom } from '../../apps/api/src/mcp/domain/room-context.js';
import type { TakenIssue } from '../../apps/api/src/events/git.events.js';
import { messagePrompt } from '../../libs/openclaw-channel/src/domain/words.js';
import { descriptionOf, wordsOf } from '../../apps/api/src/tasks/domain/issue-task.js';
import { aTask } from '../agent-sdk/builders.js';
import { ProviderHook } from '../git/webhooks.support.js';
import { PlainSpectator } from '../spectators/spectators.support.js';
import { startTestServer, type TestServer } from '../support/app.js';
import { injections } from '../support/injections.js';
import { accepted, command, connect, eventually, Person, type RoomSocket, uniqueName } from '../support/people.js';

const run = promisify(execFile);
const NAME = uniqueName('victim');
const CORPUS = injections(NAME);
/** For hundreds of requests one after another on a busy machine. */
const PATIENCE_MS = 180_000;
/** As many as the chat of one room takes at once. */
const A_ROOM = 44;

describe('words of others', () => {
  let server: TestServer;
  let hook: ProviderHook;
  let owner: Person;
  let mallory: Person;
  let roomId: string;
  let malloryAgent: { id: string; token: string };
  let agent: RoomSocket;
  let agentsOwner: RoomSocket;
  const pushed: string[] = [];

  beforeAll(async () => {
    server = await startTestServer();
    [owner, mallory] = [await Person.register(server.url), await Person.register(server.url)];
    hook = await ProviderHook.connect(server, owner, { repoId: '186853002' });
    roomId = hook.room.id;
    await owner.invite(roomId, mallory);
    const { token } = await owner.bringAgent(roomId, NAME);
    const brought = await mallory.bringAgent(roomId);
    malloryAgent = { id: brought.agent.id, token: brought.token };
    agent = await connect(server.url, '/agents', token);
    agentsOwner = await owner.connect();
    agent.onAny((name: string) => pushed.push(name));
  });
  afterAll(async () => {
    agent.close();
    agentsOwner.close();
    await server.close();
  });

  const aSelf = (rooms: string[]): AgentSelf => ({
    ...{ agentId: malloryAgent.id, name: NAME, ownerId: owner.id, protocolVersion: 1 },
    ...{ commitEmail: 'victim@agents.example', rooms },
  });
  const count = async (table: string) => {
    const [row] = await server.app
      .get(DataSource)
      .query<{ n: number }[]>(`SELECT count(*)::int AS n FROM ${table} WHERE room_id = $1`, [roomId]);
    return row?.n;
  };
  /** Nobody was given work, asked for leave, or told to do anything. */
  const expectNothingCameOfIt = async () => {
    await new Promise((resolve) => setTimeout(resolve, 300)); // what follows from an event follows a moment later
    expect(await count('tasks')).toBe(0);
    expect(await count('approvals')).toBe(0);
    expect(pushed.filter((name) => ['task_assignment', 'approval_decided'].includes(name))).toEqual([]);
  };

  it('are a corpus of at least 200 that are all different', () => {
    expect(CORPUS.length).toBeGreaterThanOrEqual(200);
    expect(new Set(CORPUS.map(({ text }) => text)).size).toBe(CORPUS.length);
  });

  it('give no work when an agent of somebody else says them', async () => {
    const other = await connect(server.url, '/agents', malloryAgent.token);
    for (const { text } of CORPUS) {
      await command(other, 'chat_message', { roomId, message: text }); // slash commands are refused, the rest is said
    }
    other.close();
    expect(await count('messages')).toBeGreaterThan(200);
    await expectNothingCameOfIt();
  });

  it(
    'are no names',
    async () => {
      for (const { text } of CORPUS) {
        const body = { username: text, password: 'correct horse battery' };
        await expect(owner.request('POST', '/api/auth/register', body)).rejects.toMatchObject({ status: 400 });
        await expect(mallory.request('POST', '/api/agents', { name: text })).rejects.toMatchObject({ status: 400 });
      }
      await expectNothingCameOfIt();
    },
    PATIENCE_MS,
  );

  it('give no work as commit messages and file names', async () => {
    await owner.request('DELETE', `/api/rooms/${roomId}/git`); // back to the repository of the room itself
    const before = await count('room_events');
    const folder = mkdtempSync(join(tmpdir(), 'clawtank-injection-'));
    const url = new URL(`${server.url}/git/${roomId}.git`);
    Object.assign(url, { username: 'git', password: await mallory.gitToken() });
    const git = (...args: string[]) => run('git', ['-C', folder, ...args]);
    try {
      await run('git', ['clone', '--quiet', url.href, folder]);
      execFileSync('git', ['-C', folder, 'fast-import', '--quiet'], {
        input: commitsOf(CORPUS.map(({ text }) => text)),
        stdio: 'pipe',
      });
      await git('push', '--quiet', 'origin', 'injections');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    await eventually(async () => ((await count('room_events')) ?? 0) > (before ?? 0));
    await expectNothingCameOfIt();
  });

  it(
    'give no work as titles, branches and authors of pull requests that come from forks',
    async () => {
      const fork = await ProviderHook.connect(server, owner, { repoId: '186853002' });
      const opened = openedPullRequest();
      for (const [index, { text }] of CORPUS.entries()) {
        const answer = await fork.github('pull_request', {
          ...opened,
          number: 1000 + index,
          sender: { ...opened.sender, login: text },
          pull_request: {
            ...opened.pull_request,
            ...{ id: 1000 + index, number: 1000 + index, title: text, body: text },
            user: { ...opened.pull_request.user, login: text },
            head: { ...opened.pull_request.head, ref: text, label: `mallory:${text}` },
          },
        });
        expect([200, 202]).toContain(answer.status);
      }
      await fork.settled();
      const [row] = await server.app
        .get(DataSource)
        .query<{ n: number }[]>(`SELECT count(*)::int AS n FROM tasks WHERE room_id = $1`, [fork.room.id]);
      expect(row?.n).toBe(0);
      expect((await fork.pulls()).length).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );

  it(
    'give no work as titles, bodies, labels, assignees and authors of issues that strangers open',
    async () => {
      const elsewhere = await ProviderHook.connect(server, owner, { repoId: '186853002' });
      const opened = recordedExample('issues', 'opened');
      for (const [index, { text }] of CORPUS.entries()) {
        const issue = {
          ...(opened['issue'] as object),
          ...{ id: 2000 + index, number: 2000 + index, title: text, body: text },
          user: { id: 66, login: text },
          labels: [{ name: text }, { name: 'clawtank' }, { name: `agent:${NAME}` }],
        };
        const sender = { id: 66, login: text };
        const payloads = [
          { ...opened, issue, sender },
          ...(index % 20 === 0
            ? [
                { ...opened, action: 'labeled', issue, sender, label: { name: `agent:${NAME}` } },
                { ...opened, action: 'assigned', issue, sender, assignee: { id: 67, login: NAME } },
              ]
            : []),
        ];
        for (const payload of payloads) {
          expect([200, 202]).toContain((await elsewhere.github('issues', payload)).status);
        }
      }
      const deliveries = await elsewhere.settled();
      expect(deliveries.filter(({ outcome }) => outcome === 'applied').length).toBeGreaterThanOrEqual(CORPUS.length);
      await expectNothingCameOfIt();
      const [row] = await server.app
        .get(DataSource)
        .query<{ n: number }[]>(`SELECT count(*)::int AS n FROM tasks WHERE room_id = $1`, [elsewhere.room.id]);
      expect(row?.n).toBe(0);
    },
    PATIENCE_MS,
  );

  it(
    'give no work as names and words of spectators, promoted or not, and reach agents only as a spectator’s',
    async () => {
      const quoted = new Map<string, ChatMessage>();
      const heard: ChatMessage[] = [];
      agent.on('message_broadcast', ({ message }) => heard.push(message));
      const socket = await owner.connect();
      const agents = await owner.request<{ id: string; name: string }[]>('GET', '/api/agents');
      const victim = agents.find(({ name }) => name === NAME)!;
      for (let at = 0; at < CORPUS.length; at += A_ROOM) {
        const room = await owner.createRoom({ visibility: 'public' });
        await owner.request('POST', `/api/rooms/${room.id}/agents/${victim.id}`);
        await accepted(agent, 'join_room', { roomId: room.id });
        for (const [n, { text, canary }] of CORPUS.slice(at, at + A_ROOM).entries()) {
          const spectator = new PlainSpectator(server.url, room.id, {}, { 'x-forwarded-for': `203.0.113.${n}` });
          await spectator.chat();
          const names = [text, text.slice(0, 20), text.slice(-20), undefined];
          let answer: object = {};
          for (const display_name of names) {
            answer = 'message_id' in answer ? answer : await spectator.chats({ display_name, message: text });
          }
          await spectator.leave();
          expect(answer).toHaveProperty('message_id');
          const { message_id } = answer as SpectatorChatAccepted;
          const request = { roomId: room.id, spectatorMessageId: message_id };
          quoted.set(canary, await accepted(socket, 'promote_spectator_message', request));
        }
        const roomId = room.id;
        await eventually(
          () => heard.filter((message) => message.roomId === roomId).length === Math.min(A_ROOM, CORPUS.length - at),
        );
        await expectAddressedToNobody(roomId);
        await expectFenced(
          roomId,
          [...quoted].filter(([, message]) => message.roomId === roomId),
        );
      }
      expect(quoted.size).toBe(CORPUS.length);
      for (const message of [...heard, ...quoted.values()]) {
        expect(message).toMatchObject({
          trust: 'spectator',
          author: { type: 'spectator', id: null },
          mentions: [],
          mentionsHere: false,
        });
        expect(message.addressed ?? false).toBe(false);
        expect(message.author.name).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(message.author.name.toLowerCase()).not.toBe(NAME);
      }
      await expectNothingCameOfIt();
      socket.close();
    },
    PATIENCE_MS,
  );

  /** Neither its inbox nor a push tells the agent of anything but its seat. */
  async function expectAddressedToNobody(of: string) {
    const page = await accepted(agent, 'read_inbox', {});
    expect(page.items.filter((item) => item.roomId === of && item.kind !== 'seat_given')).toEqual([]);
    const [row] = await server.app.get(DataSource).query<{ n: number }[]>(
      `SELECT (SELECT count(*) FROM tasks WHERE room_id = $1) + (SELECT count(*) FROM approvals WHERE room_id = $1)
              + (SELECT count(*) FROM room_events WHERE room_id = $1 AND type = 'chat.message' AND addressed IS NOT NULL) AS n`,
      [of],
    );
    expect(Number(row?.n)).toBe(0);
  }

  /** Wherever an agent or its model reads the promoted messages of a room, they are fenced and said to be a spectator's. */
  async function expectFenced(of: string, quoted: readonly (readonly [string, ChatMessage])[]) {
    const self = aSelf([of]);
    const told = await accepted(agent, 'get_room_context', { roomId: of });
    const page = await owner.request<MessagePage>('GET', `/api/rooms/${of}/messages?limit=200`);
    const room = { id: of, name: 'Reef', description: '' };
    const asked = await accepted(agentsOwner, 'create_task', { roomId: of, description: 'Write the guide' });
    const [row] = await server.app
      .get(DataSource)
      .query<{ context: ContextMessage[] }[]>(`SELECT context FROM tasks WHERE id = $1`, [asked.id]);
    await server.app.get(DataSource).query(`DELETE FROM tasks WHERE id = $1`, [asked.id]);
    expect(row!.context.length).toBeGreaterThan(0);
    expect(row!.context.every(({ trust }) => trust === 'spectator')).toBe(true);
    for (const [canary, { id }] of quoted) {
      const message = page.messages.find((one) => one.id === id)!;
      expect(message).toMatchObject({ trust: 'spectator' });
      const { author, trust, timestamp } = message;
      const said: ContextMessage = {
        author: author.name,
        authorType: author.type,
        trust,
        message: message.message,
        timestamp,
      };
      const task = aTask();
      const assignment: TaskAssignment = {
        ...{ taskId: task.id, roomId: of, assignedBy: 'mallory', priority: 'medium', repository: null, task },
        ...{ description: 'Write the guide', context: [], contextMessages: [said] },
      };
      const question = {
        author: 'ann',
        text: 'What do you think?',
        source: 'member',
        isDirect: false,
        messageId: null,
      } as const;
      const asking: ChatMessage = {
        ...message,
        author: task.createdBy,
        trust: 'member',
        message: 'What do you think?',
      };
      for (const prompt of [
        taskPrompt(assignment, self, room, []),
        talkPrompt(question, self, { ...told, messages: [message] }),
        messagePrompt(asking, [message], room, self),
      ]) {
        expect(prompt).toContain(canary);
        expect(linesOutsideOfBars(prompt).filter((line) => line.includes(canary) && !isLabel(line))).toEqual([]);
        const label = prompt
          .split(LINE_BREAK)
          .findLast(
            (line, at, lines) =>
              line.startsWith('<<<') &&
              lines.slice(at).some((later) => later.includes(canary)) &&
              at < lines.findLastIndex((later) => later.includes(canary)),
          );
        expect(label).toMatch(/\(spectator\)$/);
      }
      const context = contextOfRoom({ ...told, messages: [message] });
      expect(context).toContain(canary);
      expect(linesOutsideOfBackticks(context).filter((line) => line.includes(canary))).toEqual([]);
      expect(context).toContain('by a spectator, trust: spectator');
    }
    for (const message of told.messages) {
      expect(message).toMatchObject({ trust: 'spectator', addressed: false });
    }
  }

  it('are data and nothing else in an issue that the agent’s owner has taken', () => {
    const self = aSelf([roomId]);
    for (const { text, canary } of CORPUS) {
      const issue: TakenIssue = {
        ...{ id: roomId, provider: 'github', number: 12, title: text, body: text, url: null },
        ...{ author: text, updatedAt: aTask().createdAt },
      };
      const task = aTask({ title: 'Issue #12', createdBy: { type: 'human', id: owner.id, name: owner.name } });
      const assignment: TaskAssignment = {
        ...{ taskId: task.id, roomId, assignedBy: owner.name, priority: 'medium', repository: null, task },
        ...{ description: descriptionOf(issue), context: [], contextMessages: [wordsOf(issue)] },
      };
      const prompt = taskPrompt(assignment, self, { name: 'Reef', description: '' }, []);
      const request = prompt.slice(prompt.indexOf('<<< REQUEST'), prompt.indexOf('>>> end of REQUEST'));
      expect(prompt).toContain(canary);
      expect(request).not.toContain(canary);
      expect(linesOutsideOfBars(prompt).filter((line) => line.includes(canary) && !isLabel(line))).toEqual([]);
    }
  });

  it('reach a model only within fences, whichever way it comes', async () => {
    const told = await accepted(agent, 'get_room_context', { roomId });
    const self = aSelf([roomId]);
    const task = aTask();
    for (const { text, canary } of CORPUS) {
      const said: ContextMessage = {
        author: text,
        authorType: 'agent',
        trust: 'agent',
        message: text,
        timestamp: task.createdAt,
      };
      const assignment: TaskAssignment = {
        ...{ taskId: task.id, roomId, assignedBy: 'mallory', priority: 'medium', repository: null },
        task: {
          ...task,
          title: text,
          description: text,
          createdBy: { type: 'human', id: mallory.id, name: 'mallory' },
        },
        ...{ description: text, context: [], contextMessages: [said] },
      };
      const prompt = taskPrompt(assignment, self, { name: 'Reef', description: text }, []);
      expect(prompt).toContain(canary);
      expect(linesOutsideOfBars(prompt).filter((line) => line.includes(canary) && !isLabel(line))).toEqual([]);

      const words = {
        ...{ name: text, description: text, topics: [text] },
        messages: told.messages.slice(-1).map((message) => ({ ...message, message: text })),
        activeFiles: [{ path: text, by: task.createdBy, at: task.createdAt }],
        openTasks: [assignment.task],
      };
      const context = contextOfRoom({ ...told, ...words });
      expect(context).toContain(canary);
      expect(linesOutsideOfBackticks(context).filter((line) => line.includes(canary))).toEqual([]);
    }
  });
});

/** A commit for each text, which is its message, with a file that is called so, on the branch `injections`. */
function commitsOf(texts: readonly string[]): string {
  const bytes = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  return texts
    .map((text, index) => {
      const path = JSON.stringify(
        text
          .replaceAll('\0', '')
          .replace(/[/\r\n\u2028\u2029\u0085]/g, ' ')
          .slice(0, 60),
      ).replace(/\\u([0-9a-f]{4})/g, (_, hex: string) => `\\${Number.parseInt(hex, 16).toString(8).padStart(3, '0')}`);
      const from = index === 0 ? 'from refs/remotes/origin/main^0\n' : '';
      return `commit refs/heads/injections\ncommitter M <m@evil.example> ${1_700_000_000 + index} +0000\n${bytes(text)}${from}M 100644 inline ${path}\n${bytes(text)}`;
    })
    .join('');
}

interface OpenedPullRequest {
  readonly sender: object;
  readonly pull_request: { readonly user: object; readonly head: object };
}

const openedPullRequest = (): OpenedPullRequest =>
  recordedExample('pull_request', 'opened') as unknown as OpenedPullRequest;

function recordedExample(event: string, action: string): Record<string, unknown> {
  const definitions = createRequire(import.meta.url)('@octokit/webhooks-examples') as WebhookDefinition[];
  const recorded = definitions.find(({ name }) => name === event)?.examples ?? [];
  const example = recorded.find((one) => 'action' in one && one.action === action);
  return example as unknown as Record<string, unknown>;
}

/** The first line of a block names its author, in quotation marks. */
const isLabel = (line: string): boolean => /^<<< [A-Z]+ by ".*" \([a-z]+\)$/.test(line);
const LINE_BREAK = /\r\n?|[\n\u2028\u2029\u0085]/;
const linesOutsideOfBars = (prompt: string): string[] =>
  prompt.split(LINE_BREAK).filter((line) => !line.startsWith('|'));

/** What a reader of Markdown takes for text: everything that is not in a fenced block. */
function linesOutsideOfBackticks(markdown: string): string[] {
  let fence: string | null = null;
  return markdown.split(LINE_BREAK).filter((line) => {
    const [marks] = /^`{3,}/.exec(line) ?? [null];
    if (fence === null) {
      fence = marks;
      return marks === null;
    }
    if (marks === line && marks.length >= fence.length) {
      fence = null;
    }
    return false;
  });
}
