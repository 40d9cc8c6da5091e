import type { Actor } from '@clawtank/contracts';
import { taskOfPush } from './task-of-push.js';

const agent: Actor = { type: 'agent', id: 'otter', name: 'otter' };
const account: Actor = { type: 'webhook', id: null, name: 'octocat' };
const held = [
  { id: 'one', holderId: 'otter' },
  { id: 'two', holderId: 'otter' },
  { id: 'three', holderId: 'beaver' },
];

describe('a pushed branch', () => {
  it('is the work that its commits name', () => {
    expect(taskOfPush({ pusher: agent, namedTaskIds: ['gone', 'two', 'one'] }, held)).toBe('two');
  });

  it('is the only task that the agent holds, if its commits name none', () => {
    expect(taskOfPush({ pusher: agent, namedTaskIds: [] }, held.slice(1))).toBe('two');
  });

  it('is nobody can say which of two', () => {
    expect(taskOfPush({ pusher: agent, namedTaskIds: [] }, held)).toBeNull();
  });

  it('is not another agent’s task, whatever its commits say', () => {
    expect(taskOfPush({ pusher: agent, namedTaskIds: ['three'] }, held)).toBeNull();
  });

  it('is what its commits name, when an account at another provider pushed it', () => {
    expect(taskOfPush({ pusher: account, namedTaskIds: ['three'] }, held)).toBe('three');
    expect(taskOfPush({ pusher: account, namedTaskIds: [] }, held.slice(2))).toBeNull();
  });
});
