import { mayWrite, type Writer } from './may-write.js';

const person: Writer = { id: 'ann', type: 'human', userId: 'ann' };
const agent: Writer = { id: 'crab', type: 'agent', userId: 'ann' };
const to = (id: string, takesPart = true) => ({ id, takesPart });

describe('who may write to whom directly', () => {
  it('people may write to people and to agents, asked or not', () => {
    expect(mayWrite(person, to('bob'), false)).toBe('granted');
    expect(mayWrite(person, to('crab'), false)).toBe('granted');
  });

  it('an agent may write to its owner, and to whoever wrote to it first', () => {
    expect(mayWrite(agent, to('ann'), false)).toBe('granted');
    expect(mayWrite(agent, to('bob'), false)).toBe('not-asked');
    expect(mayWrite(agent, to('bob'), true)).toBe('granted');
  });

  it('nobody writes to themselves, or to somebody who only reads', () => {
    expect(mayWrite(person, to('ann'), true)).toBe('oneself');
    expect(mayWrite(person, to('guest', false), true)).toBe('not-reachable');
  });
});
