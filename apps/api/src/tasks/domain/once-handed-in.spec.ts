import type { RoomEvent } from '@clawtank/contracts';
import { onceHandedIn } from './once-handed-in.js';

const entry = (type: RoomEvent['type'], submittedSha: string | null) =>
  ({ type, data: { task: { submittedSha } } }) as unknown as RoomEvent;

describe('a hand-in in the history of its task', () => {
  it('is told once, though its pull request tells it again', () => {
    const [first, again] = [entry('task.submitted', 'a'), entry('task.submitted', 'a')];
    expect(onceHandedIn([first, entry('task.updated', 'a'), again])).toEqual([first, entry('task.updated', 'a')]);
  });

  it('is told anew for another commit, and for the same after somebody took it up again', () => {
    const events = [
      entry('task.submitted', 'a'),
      entry('task.submitted', 'b'),
      entry('agent.claimed_task', 'b'),
      entry('task.submitted', 'b'),
    ];
    expect(onceHandedIn(events)).toEqual(events);
  });
});
