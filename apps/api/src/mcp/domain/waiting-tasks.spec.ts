import type { Actor, Task } from '@clawtank/contracts';
import { waitingTasks } from './waiting-tasks.js';

const ME = { id: 'me', name: 'Crusty' };
const mine: Actor = { type: 'agent', ...ME };
const bob: Actor = { type: 'agent', id: 'bob', name: 'bob' };
const task = (over: Partial<Task>): Task => ({ state: 'open', assignedTo: null, lease: null, ...over }) as Task;

describe('what waits for an agent in a room', () => {
  it('is what it holds, what it may take, and what is to be changed in its work', () => {
    const review = { verdict: 'changes_requested' } as Task['review'];
    const tasks = [
      task({ id: 'held', state: 'claimed', assignedTo: mine, lease: { holder: mine } }),
      task({ id: 'taken', state: 'claimed', assignedTo: bob, lease: { holder: bob } }),
      task({ id: 'offered', assignedTo: mine }),
      task({ id: 'open' }),
      task({ id: 'reviewed', state: 'changes_requested', assignedTo: mine, review }),
      task({ id: 'done', state: 'done' }),
    ];
    expect(waitingTasks(ME, tasks).map(({ kind, task: { id } }) => [kind, id])).toEqual([
      ['task_held', 'held'],
      ['task_offered', 'offered'],
      ['task_open', 'open'],
      ['changes_requested', 'reviewed'],
    ]);
  });
});
