import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ChatMessage, DirectMessagePage, MessagePage, Room, Task } from '@clawtank/contracts';
import { Server } from '../bridge/scene.js';
import { accepted, eventually, Person, uniqueName } from '../support/people.js';
import { Gateway } from './gateway.js';
import { type ModelTurn, ScriptedModel, type Step } from './scripted-model.js';

const run = promisify(execFile);

const SETUP_MS = 900_000;
const TEST_MS = 300_000;
/** A gateway that starts beside other work takes its time, and a turn after it as well. */
const ANSWER_MS = 120_000;
/** How long to look whether something is said that is not to be said. */
const QUIET_MS = 4000;

/** A model that does a task as it is told to: it writes a file, and hands it in as soon as it has the tool for it. */
function doTask({ prompt, results, tools }: ModelTurn): Step {
  const [, folder] = /The files of the task are in (\S+), a git worktree/.exec(prompt) ?? [];
  const [, taskId] = /the taskId ([\w-]{36})/.exec(prompt) ?? [];
  const isWritten = folder === undefined || results.length > 0;
  if (!isWritten) {
    return { call: 'write', with: { path: `${folder}/hello.txt`, content: 'Hello, reef.\n' } };
  }
  if (tools.includes('submit_work') && !results.some((result) => result.includes('"submitted":true'))) {
    return { call: 'submit_work', with: { taskId, summary: 'Said hello to the reef.' } };
  }
  return { say: 'The file is there.' };
}

describe('an OpenClaw agent in ClawTank', () => {
  let server: Server;
  let model: ScriptedModel;
  let gateway: Gateway;
  let owner: Person;
  let reef: Room;
  let lagoon: Room;
  let agent: { readonly id: string; readonly name: string; readonly token: string };

  beforeAll(async () => {
    server = await Server.start();
    model = await ScriptedModel.start();
    owner = await Person.register(server.url);
    reef = await owner.createRoomWithRepository();
    lagoon = await owner.createRoom();
    const made = await owner.bringAgent(reef.id, uniqueName('crusty'));
    agent = { id: made.agent.id, name: made.agent.name, token: made.token };
    await owner.request('POST', `/api/rooms/${lagoon.id}/agents/${agent.id}`);
    gateway = await Gateway.set({ modelUrl: model.url, channel: { serverUrl: server.url, token: agent.token } });
    await gateway.start();
  }, SETUP_MS);

  afterAll(async () => {
    await gateway?.remove();
    await model?.stop();
    await server?.stop();
  }, TEST_MS);

  /** Whoever looks on for long has to sign in again. */
  beforeEach(async () => {
    owner = await Person.signIn(server.url, owner.name, 'correct horse battery');
  });

  const answering = (text: string) => (model.script = () => ({ say: text }));

  /** Says something as its owner, or as somebody else. */
  async function say(message: string, room = reef, by = owner): Promise<ChatMessage> {
    const socket = await by.connect();
    try {
      return await accepted(socket, 'chat_message', { roomId: room.id, message });
    } finally {
      socket.close();
    }
  }

  /** All that the agent ever said in a room. */
  async function said(room = reef): Promise<ChatMessage[]> {
    const { messages } = await owner.request<MessagePage>('GET', `/api/rooms/${room.id}/messages?limit=200`);
    return messages.filter(({ userId }) => userId === agent.id);
  }

  const answersTo = async ({ id }: ChatMessage, room = reef): Promise<string[]> =>
    (await said(room)).filter(({ replyTo }) => replyTo === id).map(({ message }) => message);

  /** Waits for the answer to a message, and looks for a while whether there is more. */
  async function answer(message: ChatMessage, room = reef): Promise<string[]> {
    await eventually(async () => (await answersTo(message, room)).length > 0, ANSWER_MS).catch((error: Error) => {
      throw new Error(`${error.message}. The gateway said:\n${gateway.output}`);
    });
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    return answersTo(message, room);
  }

  const hears = (words: string): Promise<boolean> =>
    eventually(() => model.turns.some(({ prompt }) => prompt.includes(words)), ANSWER_MS);

  /** Lets the model think until it is told to say something. */
  function thinking(): { readonly until: (text: string) => void } {
    const { promise, resolve } = Promise.withResolvers<Step>();
    model.script = () => promise;
    return { until: (text) => resolve({ say: text }) };
  }

  async function taskOf(message: ChatMessage): Promise<Task> {
    return eventually(async () => {
      const tasks = await owner.request<Task[]>('GET', `/api/rooms/${reef.id}/tasks`);
      return tasks.find(({ sourceMessageId }) => sourceMessageId === message.id);
    });
  }

  async function reaches({ id }: Task, ...states: Task['state'][]): Promise<Task> {
    const find = async () => (await owner.request<{ task: Task }>('GET', `/api/rooms/${reef.id}/tasks/${id}`)).task;
    return eventually(async () => {
      const task = await find();
      return states.includes(task.state) && task;
    }, ANSWER_MS).catch(async () => {
      const told = JSON.stringify(model.turns.slice(-3).map(({ results }) => results));
      throw new Error(`The task is ${JSON.stringify(await find())}, and the tools answered ${told}`);
    });
  }

  /** git in a copy of the room's repository. */
  async function git(...args: string[]): Promise<string> {
    const copy = mkdtempSync(join(tmpdir(), 'clawtank-openclaw-copy-'));
    try {
      const url = new URL(`${server.url}/git/${reef.id}.git`);
      url.username = 'git';
      url.password = agent.token;
      await run('git', ['clone', '--quiet', '--bare', url.href, copy]);
      return (await run('git', ['-C', copy, ...args])).stdout.trim();
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }

  it(
    'answers a mention once, and is told who spoke',
    async () => {
      answering('Hello to you.');
      const message = await say(`@${agent.name} hello`);
      expect(await answer(message)).toEqual(['Hello to you.']);
      const { prompt } = model.turns.at(-1) as ModelTurn;
      expect(prompt).toContain(
        `Your owner says this to you:\n\n<<< MESSAGE by "${owner.name}" (owner)\n| @${agent.name} hello\n>>> end of MESSAGE`,
      );
    },
    TEST_MS,
  );

  it(
    'keeps rooms apart',
    async () => {
      answering('Hello from the lagoon.');
      const before = await said(reef);
      const message = await say(`@${agent.name} hey`, lagoon);
      expect(await answer(message, lagoon)).toEqual(['Hello from the lagoon.']);
      expect(await said(reef)).toEqual(before);
      expect(model.turns.at(-1)?.prompt).not.toContain('hello');
    },
    TEST_MS,
  );

  it(
    'hears only whom its owner named, and only what is said to it',
    async () => {
      const guest = await Person.register(server.url);
      await owner.invite(reef.id, guest);
      answering('To my owner.');
      const turns = model.turns.length;
      const before = await said();
      await say(`@${agent.name} hi`, reef, guest);
      await say('This is said to nobody in particular.');
      const message = await say(`@${agent.name} hi`);
      expect(await answer(message)).toEqual(['To my owner.']);
      expect((await said()).length).toBe(before.length + 1);
      expect(model.turns.slice(turns)).toHaveLength(1);
    },
    TEST_MS,
  );

  it(
    'answers an answer to it without its name',
    async () => {
      answering('Quite so.');
      const [mine] = await said();
      const socket = await owner.connect();
      const message = await accepted(socket, 'chat_message', {
        roomId: reef.id,
        message: 'Is that so?',
        replyTo: mine?.id ?? '',
      });
      socket.close();
      expect(await answer(message)).toEqual(['Quite so.']);
    },
    TEST_MS,
  );

  it(
    'answers a direct message directly',
    async () => {
      answering('Between you and me.');
      const before = await said();
      const socket = await owner.connect();
      await accepted(socket, 'direct_message', { roomId: reef.id, toMemberId: agent.id, message: 'psst' });
      socket.close();
      const answers = await eventually(async () => {
        const path = `/api/rooms/${reef.id}/direct/${agent.id}/messages`;
        const { messages } = await owner.request<DirectMessagePage>('GET', path);
        const found = messages.filter(({ userId }) => userId === agent.id);
        return found.length > 0 && found;
      }, ANSWER_MS);
      expect(answers.map(({ message }) => message)).toEqual(['Between you and me.']);
      expect(await said()).toEqual(before);
    },
    TEST_MS,
  );

  it(
    'does a task that a mention asks for: signed, handed in, and shown while it works',
    async () => {
      model.script = doTask;
      const socket = await owner.connect();
      const notes: string[] = [];
      socket.on('activity_update', ({ activity }) =>
        activity.forEach((item) => {
          if (item.type === 'task.progressed') {
            notes.push(item.data.task.progress?.note ?? '');
          }
        }),
      );
      await accepted(socket, 'join_room', { roomId: reef.id });
      const task = await reaches(
        await taskOf(await say(`@${agent.name} please add a file that says hello`)),
        'in_review',
      );
      socket.close();

      expect(notes.join('\n')).toMatch(/write.*hello\.txt/i);
      const branch = task.branch ?? '';
      expect(await git('show', `${branch}:hello.txt`)).toBe('Hello, reef.');
      expect(await git('log', '-1', '--format=%an <%ae>%n%B', branch)).toMatch(
        new RegExp(
          `^${agent.name} \\(agent\\) <.*>\\n[^]*ClawTank-Task: ${task.id}\\n[^]*Assisted-by: openclaw:scripted/scripted-1`,
        ),
      );
      expect(await git('cat-file', 'commit', branch)).toContain('gpgsig -----BEGIN SSH SIGNATURE-----');
      // Its turn ends a moment after the work is handed in.
      await eventually(() =>
        model.turns.some(({ results }) => results.some((one) => one.includes('"submitted":true'))),
      );
    },
    TEST_MS,
  );

  it(
    'answers in the room what is asked as a task and needs no change',
    async () => {
      answering('Forty-two fish.');
      const message = await say(`@${agent.name} how many fish are in the reef?`);
      expect(await answer(message)).toEqual(['Forty-two fish.']);
      const task = await reaches(await taskOf(message), 'failed');
      expect(task.failure).toBe('Answered in the room. No file was changed.');
    },
    TEST_MS,
  );

  it(
    'answers once when the server is killed while it thinks',
    async () => {
      const { until } = thinking();
      const message = await say(`@${agent.name} hello once more`);
      await hears('hello once more');
      await server.kill();
      until('Here I am again.');
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
      await server.restart();
      expect(await answer(message)).toEqual(['Here I am again.']);
    },
    TEST_MS,
  );

  it(
    'answers once when the gateway is killed while it thinks, and what was said meanwhile as well',
    async () => {
      const { until } = thinking();
      const before = await said();
      const message = await say(`@${agent.name} hello for the third time`);
      await hears('hello for the third time');
      await gateway.kill();
      const meanwhile = await say(`@${agent.name} hey you`);
      until('I was gone for a moment.');
      answering('I was gone for a moment.');
      await gateway.start();
      expect(await answer(message)).toEqual(['I was gone for a moment.']);
      expect(await answer(meanwhile)).toEqual(['I was gone for a moment.']);
      expect(await said()).toHaveLength(before.length + 2);
    },
    TEST_MS,
  );

  it(
    'ends well when it is asked to, and has told nobody its token',
    async () => {
      expect(await gateway.stop()).toBe(0);
      expect(gateway.log + gateway.output).not.toContain(agent.token);
      expect(JSON.stringify(model.turns)).not.toContain(agent.token);
    },
    TEST_MS,
  );
});
