import { command, connect } from '../server/person.js';
import { SceneMissed } from '../server/stage.js';
import type { Scene } from './scene.js';

const BACK_MS = 25_000;
const QUIET_MS = 5000;
const CUTS = 3;

/** An idle agent is cut off in every way that passes, misses an entry of the log, and is given another seat. */
export const interruptions: Scene = {
  name: 'interruptions',
  async play(stage) {
    const { recorder, proxy } = stage;
    await stage.needsAgent();
    let position = recorder.position;
    const isBack = async (): Promise<void> => {
      if (!(await stage.isRegistered(BACK_MS, position))) {
        throw new SceneMissed('The agent did not come back');
      }
      await recorder.until('answered', ({ name }) => name === 'join_room', 2000, position);
      position = recorder.position;
    };
    for (let cuts = 0; cuts < CUTS; cuts++) {
      stage.cut();
      await isBack();
    }
    recorder.deed('closedByServer', {});
    proxy.closeInServersName();
    await isBack();

    proxy.refusal = 'unavailable';
    stage.cut();
    await recorder.until('deed', ({ deed }) => deed === 'refusedHandshake', BACK_MS, position);
    proxy.refusal = null;
    await isBack();

    const swallowed = proxy.faults.once('push', 'message_broadcast', { fate: 'swallow' });
    recorder.deed('swallowedPush', { push: 'message_broadcast' });
    await stage.owner.command('chat_message', { roomId: stage.room.id, message: 'This one gets lost on its way.' });
    await swallowed.happened;
    await stage.owner.command('chat_message', {
      roomId: stage.room.id,
      message: 'This one shows that something is missing.',
    });
    await recorder.until('asked', ({ name }) => name === 'join_room', 5000, position);

    const room = await stage.owner.makeRoom('Conformance, another room');
    recorder.deed('gaveSeat', { roomId: room.id });
    await stage.owner.seat(room.id, stage.agent.id);
    await recorder.until(
      'asked',
      ({ name, request }) => name === 'join_room' && request['roomId'] === room.id,
      5000,
      position,
    );
    await stage.settle();
  },
};

/** The handshake is refused for good. */
export const shutOut: Scene = {
  name: 'shut out',
  async play(stage) {
    const { recorder, proxy } = stage;
    await stage.needsAgent();
    const position = recorder.position;
    proxy.refusal = 'unauthenticated';
    try {
      stage.cut();
      if (!(await recorder.until('deed', ({ deed }) => deed === 'refusedHandshake', BACK_MS, position))) {
        throw new SceneMissed('The agent did not come back, so nothing could be refused');
      }
      await stage.watch(QUIET_MS);
    } finally {
      proxy.refusal = null;
    }
    await stage.endAgent();
  },
};

/** A newer run of the same agent takes over. */
export const replaced: Scene = {
  name: 'replaced',
  async play(stage) {
    const { recorder } = stage;
    await stage.needsAgent();
    const position = recorder.position;
    const newer = await connect(stage.options.server, '/agents', stage.agent.token);
    try {
      await command(newer, 'agent_register', { instance: 'conformance-newer-run' });
      await recorder.until('closed', () => true, 5000, position);
      recorder.deed('superseded', {});
      await stage.watch(QUIET_MS);
    } finally {
      newer.close();
    }
    await stage.endAgent();
  },
};

/** The agent is asked to stop while it is at work. */
export const stopping: Scene = {
  name: 'stopping',
  async play(stage) {
    await stage.needsAgent();
    const position = stage.recorder.position;
    const task = await stage.holdWork('last work');
    stage.askAgentToStop();
    await stage.giveTask('too late');
    setTimeout(() => stage.letWorkGoOn(task), 1500);
    await stage.hasExited(20_000, position);
  },
};
