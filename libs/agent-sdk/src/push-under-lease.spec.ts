import { beforeEach, describe, expect, it } from '@jest/globals';
import { GitFailed, type GitFailure } from './git.js';
import { pushUnderLease } from './push-under-lease.js';

describe('a push under a lease', () => {
  const steps: string[] = [];
  let lost: AbortController;
  beforeEach(() => {
    steps.length = 0;
    lost = new AbortController();
  });

  /** Fails in these ways, one after the other, and then no more. */
  function push(...failures: GitFailure[]): Promise<void> {
    const session = {
      signal: lost.signal,
      confirm: () => {
        steps.push('confirmed');
        return Promise.resolve();
      },
    };
    const attempt = () => {
      steps.push('pushed');
      const failure = failures.shift();
      return failure ? Promise.reject(new GitFailed(`It was ${failure}`, failure)) : Promise.resolve();
    };
    return pushUnderLease(session, attempt, [10, 20, 30]);
  }

  it('comes right after the word of the server, each time that it is interrupted', async () => {
    await push('interrupted', 'interrupted');
    expect(steps).toEqual(['confirmed', 'pushed', 'confirmed', 'pushed', 'confirmed', 'pushed']);
  });

  it('is given up when it is interrupted again and again', async () => {
    await expect(push(...Array<GitFailure>(9).fill('interrupted'))).rejects.toThrow('It was interrupted');
    expect(steps.filter((step) => step === 'pushed')).toHaveLength(4);
  });

  it.each(['push_refused', 'no_access', 'other'] as const)('is not tried again when it was %s', async (failure) => {
    await expect(push(failure)).rejects.toThrow(`It was ${failure}`);
    expect(steps).toEqual(['confirmed', 'pushed']);
  });

  it('is not tried again once the task is another’s', async () => {
    const pushed = push('interrupted');
    setTimeout(() => lost.abort(new Error('The lease is lost')), 1);
    await expect(pushed).rejects.toThrow('The lease is lost');
    expect(steps).toEqual(['confirmed', 'pushed']);
  });
});
