import { type KnownPullRequest, transitionOf } from './pull-request-transition.js';

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString();
const known = (state: KnownPullRequest['state'], second: number): KnownPullRequest => ({
  state,
  updatedAt: new Date(at(second)),
});

describe('what a delivery does to a pull request', () => {
  it.each(['opened', 'merged', 'closed'] as const)('first heard of as %s, it is that', (what) => {
    expect(transitionOf(null, { what, updatedAt: at(1) })).toBe(what);
  });

  it('first heard of by an update, it is opened', () => {
    expect(transitionOf(null, { what: 'updated', updatedAt: at(1) })).toBe('opened');
  });

  it.each([
    ['open', 'merged', 'merged'],
    ['open', 'closed', 'closed'],
    ['open', 'opened', 'updated'],
    ['open', 'updated', 'updated'],
    ['closed', 'opened', 'opened'],
    ['closed', 'merged', 'merged'],
    ['closed', 'closed', 'updated'],
    ['merged', 'merged', 'updated'],
    ['merged', 'closed', 'stale'],
    ['merged', 'opened', 'stale'],
  ] as const)('when %s, a later “%s” makes it %s', (state, what, transition) => {
    expect(transitionOf(known(state, 1), { what, updatedAt: at(2) })).toBe(transition);
  });

  it.each(['opened', 'updated', 'merged', 'closed'] as const)('an older “%s” changes nothing', (what) => {
    expect(transitionOf(known('open', 2), { what, updatedAt: at(1) })).toBe('stale');
  });

  it('of the same second, closing holds against opening and not the other way round', () => {
    expect(transitionOf(known('closed', 1), { what: 'opened', updatedAt: at(1) })).toBe('stale');
    expect(transitionOf(known('open', 1), { what: 'closed', updatedAt: at(1) })).toBe('closed');
  });
});
