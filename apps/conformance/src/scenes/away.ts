import type { Scene } from './scene.js';

const BACK_MS = 25_000;
const READ_MS = 5000;

/** What is addressed to an agent while it is not running waits in its inbox: a question that is no work, and a task. */
export const whileAway: Scene = {
  name: 'while away',
  async play(stage) {
    const { owner, room, agent, recorder } = stage;
    await stage.needsAgent();
    await stage.killAgent();
    let position = recorder.position;
    await owner.command('chat_message', { roomId: room.id, message: `@${agent.name} what did you do last?` });
    const task = await stage.giveTask('left while it was away');
    await stage.startAgent();
    await stage.inspectWork(task);
    await recorder.until('asked', ({ name }) => name === 'ack_inbox', READ_MS, position);

    position = recorder.position;
    stage.cut();
    await stage.isRegistered(BACK_MS, position);
    await recorder.until('asked', ({ name }) => name === 'read_inbox', READ_MS, position);
    await stage.settle();
  },
};
