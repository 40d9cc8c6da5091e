import { describe, expect, it } from '@jest/globals';
import type { AgentKey, StepToApprove, TaskSession } from '@clawtank/agent-sdk';
import { RepositoryClosed, type RoomRepository } from '@clawtank/agent-work';
import type { Approval } from '@clawtank/contracts';
import type { BegunTasks } from './begun-tasks.js';
import { isWorthAnotherTry, TaskInHand } from './task-in-hand.js';

const STEP: StepToApprove = { approvalId: 'openclaw:a1', kind: 'execute', title: 'Run it', detail: 'it' };

/** A task whose owner decides when the test does; what is withdrawn before that stays undecided. */
function asking() {
  const decided = Promise.withResolvers<Pick<Approval, 'state'>>();
  const withdrawn: string[] = [];
  const session = {
    signal: new AbortController().signal,
    requestApproval: ({ approvalId }: StepToApprove, noLonger: AbortSignal) => {
      noLonger.addEventListener('abort', () => {
        withdrawn.push(approvalId);
        decided.resolve({ state: 'withdrawn' });
      });
      return decided.promise;
    },
  } as unknown as TaskSession;
  const place = { folder: '/reef', branch: 'clawtank/1-crusty', start: 'abc', base: 'abc', turn: 0 };
  const task = new TaskInHand(session, {} as RoomRepository, {} as BegunTasks, place, {} as AgentKey);
  return { task, withdrawn, decide: (state: 'approved' | 'rejected') => decided.resolve({ state }) };
}

describe('leave that OpenClaw waits for in the middle of a task', () => {
  it('is taken back in the room once OpenClaw waits no more, and nobody is told of a decision', async () => {
    const { task, withdrawn } = asking();
    const decision = task.ask('a1', STEP);
    task.settled('another');
    expect(withdrawn).toEqual([]);
    task.settled('a1');
    expect(withdrawn).toEqual(['openclaw:a1']);
    expect(await decision).toBeNull();
  });

  it('counts for nothing when it was given and OpenClaw waited no more before that was heard', async () => {
    const { task, decide } = asking();
    const decision = task.ask('a1', STEP);
    decide('approved');
    task.settled('a1');
    expect(await decision).toBeNull();
  });

  it.each(['approved', 'rejected'] as const)('is told as it was decided: %s', async (state) => {
    const { task, decide } = asking();
    const decision = task.ask('a1', STEP);
    decide(state);
    expect(await decision).toBe(state);
  });
});

describe('a task that the repository keeps from its end', () => {
  it('is worth another try unless the push was refused', () => {
    expect(isWorthAnotherTry(new RepositoryClosed('Sign in', 'no_access'))).toBe(true);
    expect(isWorthAnotherTry(new RepositoryClosed('Protected', 'push_refused'))).toBe(false);
    expect(isWorthAnotherTry(new Error('No repository'))).toBe(false);
  });
});
