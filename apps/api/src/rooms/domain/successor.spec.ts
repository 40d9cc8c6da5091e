import type { Member } from '@clawtank/contracts';
import { successorOf } from './successor.js';

const members = (...seats: readonly [name: string, role: Member['role'], type?: Member['type']][]): Member[] =>
  seats.map(([name, role, type = 'human']) => ({ name, role, type }) as Member);

describe('who takes over a room whose host is gone', () => {
  it.each([
    ['the moderator', members(['ann', 'member'], ['mia', 'moderator']), 'mia'],
    ['the first of several alike', members(['gus', 'guest'], ['ann', 'member'], ['bob', 'member']), 'ann'],
    ['a guest, if nobody else is there', members(['gus', 'guest']), 'gus'],
    ['no agent', members(['bot', 'member', 'agent']), undefined],
    ['nobody, if nobody is there', [], undefined],
  ])('is %s', (_, seats, name) => {
    expect(successorOf(seats)?.name).toBe(name);
  });
});
