import { randomUUID } from 'node:crypto';
import { accepted, Person } from '../support/people.js';
import type { DirectMessagePage } from '@clawtank/contracts';
import type { ModelTurn } from '../support/scripted-model/scripted-model.js';
import { doTask, hasSubmitted, playOnStage, type Stage, taskIn, TEST_MS } from './stage.js';

describe('an OpenClaw agent in ClawTank', () => {
  let stage: Stage;
  playOnStage(async (set) => {
    stage = set;
    await stage.startGateway();
  });

  it(
    'answers a mention once, and is told who spoke',
    async () => {
      stage.answering('Hello to you.');
      const message = await stage.say(`@${stage.agent.name} hello`);
      expect(await stage.answer(message)).toEqual(['Hello to you.']);
      const { prompt } = stage.model.turns.at(-1) as ModelTurn;
      expect(prompt).toContain(
        `Your owner says this to you:\n\n<<< MESSAGE by "${stage.owner.name}" (owner)\n| @${stage.agent.name} hello\n>>> end of MESSAGE`,
      );
    },
    TEST_MS,
  );

  it(
    'keeps rooms apart',
    async () => {
      stage.answering('Hello from the lagoon.');
      const before = await stage.said();
      const message = await stage.say(`@${stage.agent.name} hey`, { room: stage.lagoon });
      expect(await stage.answer(message)).toEqual(['Hello from the lagoon.']);
      expect(await stage.said()).toEqual(before);
      expect(stage.model.turns.at(-1)?.prompt).not.toContain('hello');
    },
    TEST_MS,
  );

  it(
    'hears only whom its owner named, and only what is said to it',
    async () => {
      const guest = await Person.register(stage.server.url);
      await stage.owner.invite(stage.reef.id, guest);
      stage.answering('To my owner.');
      const turns = stage.model.turns.length;
      const before = await stage.said();
      await stage.say(`@${stage.agent.name} hi`, { by: guest });
      await stage.say('This is said to nobody in particular.');
      const message = await stage.say(`@${stage.agent.name} hi`);
      expect(await stage.answer(message)).toEqual(['To my owner.']);
      expect((await stage.said()).length).toBe(before.length + 1);
      expect(stage.model.turns.slice(turns)).toHaveLength(1);
    },
    TEST_MS,
  );

  it(
    'answers an answer to it without its name',
    async () => {
      stage.answering('Quite so.');
      const [mine] = await stage.said();
      const message = await stage.say('Is that so?', { replyTo: mine?.id ?? '' });
      expect(await stage.answer(message)).toEqual(['Quite so.']);
    },
    TEST_MS,
  );

  it(
    'answers a direct message directly',
    async () => {
      stage.answering('Between you and me.');
      const before = await stage.said();
      const socket = await stage.owner.connect();
      await accepted(socket, 'direct_message', { roomId: stage.reef.id, toMemberId: stage.agent.id, message: 'psst' });
      socket.close();
      const answers = await stage.happens(async () => {
        const path = `/api/rooms/${stage.reef.id}/direct/${stage.agent.id}/messages`;
        const { messages } = await stage.owner.request<DirectMessagePage>('GET', path);
        const found = messages.filter(({ userId }) => userId === stage.agent.id);
        return found.length > 0 && found;
      });
      expect(answers.map(({ message }) => message)).toEqual(['Between you and me.']);
      expect(await stage.said()).toEqual(before);
    },
    TEST_MS,
  );

  it(
    'does a task that a mention asks for: signed, handed in, and shown while it works',
    async () => {
      stage.model.script = doTask;
      const socket = await stage.owner.connect();
      const notes: string[] = [];
      socket.on('activity_update', ({ activity }) =>
        activity.forEach((item) => {
          if (item.type === 'task.progressed') {
            notes.push(item.data.task.progress?.note ?? '');
          }
        }),
      );
      await accepted(socket, 'join_room', { roomId: stage.reef.id });
      const task = await stage.reaches(
        await stage.taskOf(await stage.say(`@${stage.agent.name} please add a file that says hello`)),
        'in_review',
      );
      socket.close();

      expect(notes.join('\n')).toMatch(/write.*hello\.txt/i);
      const branch = task.branch ?? '';
      expect(await stage.git('show', `${branch}:hello.txt`)).toBe('Hello, reef.');
      expect(await stage.git('log', '-1', '--format=%an <%ae>%n%B', branch)).toMatch(
        new RegExp(
          `^${stage.agent.name} \\(agent\\) <.*>\\n[^]*ClawTank-Task: ${task.id}\\n[^]*Assisted-by: openclaw:scripted/scripted-1`,
        ),
      );
      expect(await stage.git('cat-file', 'commit', branch)).toContain('gpgsig -----BEGIN SSH SIGNATURE-----');
      // Its turn ends a moment after the work is handed in.
      await stage.happens(() => stage.model.turns.some(hasSubmitted));
    },
    TEST_MS,
  );

  it(
    'goes on with the next task when a turn does not come to its end after the work is handed in',
    async () => {
      const asked = async () => stage.taskOf(await stage.say(`@${stage.agent.name} please add a file that says hello`));
      stage.model.script = doTask;
      const first = await asked();
      stage.model.script = async (turn) => {
        const { folder, taskId } = taskIn(turn);
        if (taskId !== first.id || !hasSubmitted(turn)) {
          return doTask(turn);
        }
        await new Promise((resolve) => setTimeout(resolve, 500));
        return { call: 'write', with: { path: `${folder}/${randomUUID()}.txt`, content: 'And another one.\n' } };
      };
      await stage.reaches(first, 'in_review');
      await stage.reaches(await asked(), 'in_review');
    },
    TEST_MS,
  );

  it(
    'answers in the room what is asked as a task and needs no change',
    async () => {
      stage.answering('Forty-two fish.');
      const message = await stage.say(`@${stage.agent.name} how many fish are in the reef?`);
      expect(await stage.answer(message)).toEqual(['Forty-two fish.']);
      const task = await stage.reaches(await stage.taskOf(message), 'failed');
      expect(task.failure).toBe('Answered in the room. No file was changed.');
    },
    TEST_MS,
  );

  it(
    'answers once when the server is killed while it thinks',
    async () => {
      const { until } = stage.thinking();
      const message = await stage.say(`@${stage.agent.name} hello once more`);
      await stage.hears('hello once more');
      await stage.server.kill();
      until('Here I am again.');
      await stage.happens(() => stage.gateway.output.includes('disconnected'));
      await stage.server.restart();
      expect(await stage.answer(message)).toEqual(['Here I am again.']);
    },
    TEST_MS,
  );

  it(
    'answers once when the gateway is killed while it thinks, and what was said meanwhile as well',
    async () => {
      const { until } = stage.thinking();
      const before = await stage.said();
      const message = await stage.say(`@${stage.agent.name} hello for the third time`);
      await stage.hears('hello for the third time');
      await stage.gateway.kill();
      const meanwhile = await stage.say(`@${stage.agent.name} hey you`);
      until('I was gone for a moment.');
      stage.answering('I was gone for a moment.');
      await stage.gateway.start();
      expect(await stage.answer(message)).toEqual(['I was gone for a moment.']);
      expect(await stage.answer(meanwhile)).toEqual(['I was gone for a moment.']);
      expect(await stage.said()).toHaveLength(before.length + 2);
    },
    TEST_MS,
  );

  it(
    'ends well when it is asked to, and has told nobody its token',
    async () => {
      expect(await stage.gateway.stop()).toBe(0);
      expect(stage.gateway.log + stage.gateway.output).not.toContain(stage.agent.token);
      expect(JSON.stringify(stage.model.turns)).not.toContain(stage.agent.token);
    },
    TEST_MS,
  );
});
