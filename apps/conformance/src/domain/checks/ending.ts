import { type Check, notShown, unless } from '../check.js';
import type { Recording } from '../recording.js';

const EXIT_MS = 15_000;

const NOT_ASKED = notShown('The agent was not at work when it was to stop');

const scene = (recording: Recording): Recording => recording.during('stopping');
const askedToStop = (recording: Recording) => scene(recording).deed('askedToStop');

export const ENDING: readonly Check[] = [
  {
    id: 'ending.claims-nothing-new',
    level: 'must',
    promise: 'Claims nothing new once it was asked to stop by SIGTERM.',
    source: 'libs/agent-sdk/README.md, Stopping',
    judge(recording) {
      const stop = askedToStop(recording);
      const given = stop && scene(recording).after(stop).deeds('gaveTask')[0];
      return !given
        ? NOT_ASKED
        : unless(
            scene(recording).aboutTask(given.taskId).asked('claim_task').length > 0 &&
              'It claimed a task after it was asked to stop',
          );
    },
  },
  {
    id: 'ending.leaves-nothing-behind',
    level: 'must',
    promise: 'Finishes or gives back what it holds before it ends.',
    source: 'libs/agent-sdk/README.md, Stopping',
    judge(recording) {
      const held = askedToStop(recording) && scene(recording).deed('heldWork');
      return !held
        ? NOT_ASKED
        : unless(
            scene(recording).aboutTask(held.taskId).accepted('submit_work', 'release_task', 'fail_task').length === 0 &&
              'It ended, or hung, with a task in its hands',
          );
    },
  },
  {
    id: 'ending.ends-in-time',
    level: 'must',
    promise: 'Ends within 15 seconds after SIGTERM.',
    source: 'libs/agent-sdk/README.md, Stopping',
    judge(recording) {
      const stop = askedToStop(recording);
      const exited = stop && scene(recording).after(stop).of('exited')[0];
      return !stop
        ? NOT_ASKED
        : unless((!exited || exited.at - stop.at > EXIT_MS) && 'It was still there after 15 seconds');
    },
  },
  {
    id: 'ending.exits-with-0',
    level: 'must',
    promise: 'Exits with 0 when it was asked to stop.',
    source: 'libs/agent-sdk/README.md, Stopping',
    judge(recording) {
      const stop = askedToStop(recording);
      const exited = stop && scene(recording).after(stop).of('exited')[0];
      return !exited
        ? NOT_ASKED
        : unless(exited.code !== 0 && `It exited with ${exited.code ?? exited.signal ?? 'nothing'}`);
    },
  },
];
