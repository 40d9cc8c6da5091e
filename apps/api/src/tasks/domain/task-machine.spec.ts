import { TASK_STATES, type TaskState } from '@clawtank/contracts';
import { stateAfter, TASK_STEPS, type TaskStep } from './task-machine.js';

/** By hand: where each step leads from each state. A dash cannot be. */
const TABLE = `
                   open      claimed      in_progress  in_review          changes_requested approved           done cancelled failed
  claim            claimed   -            -            -                  claimed           -                  -    -         -
  report           -         in_progress  in_progress  -                  -                 -                  -    -         -
  submit           -         in_review    in_review    -                  -                 -                  -    -         -
  reopen           open      open         open         -                  open              -                  -    -         -
  give_up          -         failed       failed       -                  -                 -                  -    -         -
  approve          -         -            -            approved           -                 approved           -    -         -
  request_changes  -         -            -            changes_requested  -                 changes_requested  -    -         -
  void_approval    -         -            -            -                  -                 in_review          -    -         -
  complete         done      done         done         done               done              done               -    -         -
  cancel           cancelled cancelled    cancelled    cancelled          cancelled         cancelled          -    -         -
`;

const [states = [], ...lines] = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));

describe('the life of a task', () => {
  it('knows every state and every step', () => {
    expect(states).toEqual([...TASK_STATES]);
    expect(lines.map(([step]) => step)).toEqual(Object.keys(TASK_STEPS));
  });

  it.each(lines)('is, by %s, exactly this', (step, ...results) => {
    const after = states.map((state) => stateAfter(state as TaskState, step as TaskStep) ?? '-');
    expect(after).toEqual(results);
  });
});
