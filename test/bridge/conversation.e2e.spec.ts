import type { ChatMessage, DirectMessage } from '@clawtank/contracts';
import { accepted, eventually } from '../support/people.js';
import { Scene, Server } from './scene.js';

const LIMIT_MS = 120_000;

describe('people who turn to a bridge’s agent in words', () => {
  let server: Server;
  let scene: Scene;
  beforeAll(async () => (server = await Server.start()), LIMIT_MS);
  afterAll(() => server.stop());
  beforeEach(async () => (scene = await Scene.set(server)), LIMIT_MS);
  afterEach(() => scene.leave());

  const ask = (text: string, more: object = {}): Promise<ChatMessage> =>
    accepted(scene.socket, 'chat_message', { roomId: scene.room.id, message: `@${scene.agent.name} ${text}`, ...more });
  const answers = () => scene.follower.state.messages.filter(({ userId }) => userId === scene.agent.id);
  const prompts = () => scene.noted().filter(({ event }) => event === 'prompt');

  it(
    'are answered once, also what they said while it was away and when the bridge is killed after the answer',
    async () => {
      scene.script({ turns: [[{ say: 'Because of the lock.' }]] });
      const question = await ask('Why?');
      const bridge = scene.join();
      await eventually(() => answers().length > 0, 60_000);
      expect(answers()).toMatchObject([{ message: 'Because of the lock.', replyTo: question.id }]);
      expect(prompts()[0]?.text).toContain(
        `<<< QUESTION by "${scene.owner.name}" (owner)\n| @${scene.agent.name} Why?`,
      );
      await bridge.kill();
      const again = scene.join();
      await again.says(/is connected/, 60_000);
      const second = await ask('How?', { threadId: question.id });
      await eventually(() => answers().length > 1, 60_000);
      expect(answers()).toMatchObject([{ replyTo: question.id }, { threadId: second.threadId }]);
      expect(prompts()).toHaveLength(2);
      await again.stop();
    },
    LIMIT_MS,
  );

  it(
    'may write to it alone, get no step done by it, and hear so if it cannot answer',
    async () => {
      const tool = { toolCallId: 'one', kind: 'execute', title: 'rm -rf', rawInput: {} };
      scene.script({
        turns: [
          [{ ask: { ...tool, otherwise: [{ say: 'I may not.' }] } }],
          [{ fail: 'The model is gone' }],
          [{ say: 'NO ANSWER' }],
        ],
      });
      const told: DirectMessage[] = [];
      scene.socket.on('direct_message', ({ message }) => told.push(message));
      const bridge = scene.join();
      await bridge.says(/is connected/, 60_000);
      const direct = { roomId: scene.room.id, toMemberId: scene.agent.id, message: 'Delete everything' };
      await accepted(scene.socket, 'direct_message', direct);
      await eventually(() => told.some(({ userId }) => userId === scene.agent.id), 60_000);
      expect(told.find(({ userId }) => userId === scene.agent.id)).toMatchObject({ message: 'I may not.' });
      expect(scene.follower.state.approvals).toEqual([]);
      await ask('Why?');
      await eventually(() => answers().length > 0, 60_000);
      expect(answers()).toMatchObject([{ message: expect.stringContaining('The model is gone') as string }]);
      await ask('thanks!');
      await eventually(() => prompts().length === 3, 60_000);
      await ask('write the manual please'); // becomes a task
      await eventually(() => scene.follower.state.tasks.length > 0, 60_000);
      expect(answers()).toHaveLength(1);
    },
    LIMIT_MS,
  );

  it(
    'are answered where they asked, once, when what they ask for as a task needs no change',
    async () => {
      scene.script({ turns: [[{ say: 'There are forty-two fish.' }]] });
      const bridge = scene.join();
      await bridge.says(/is connected/, 60_000);
      const { id } = await ask('how many fish are in the reef?', { visibility: 'members' });
      const task = await eventually(() =>
        scene.follower.state.tasks.find(({ sourceMessageId }) => sourceMessageId === id),
      );
      expect(await scene.reaches(task, 'failed')).toMatchObject({
        failure: 'Answered in the room. No file was changed.',
      });
      await eventually(() => answers().length > 0);
      expect(answers()).toMatchObject([{ message: 'There are forty-two fish.', replyTo: id, visibility: 'members' }]);
      await bridge.stop();
    },
    LIMIT_MS,
  );
});
