import { isSlowed, slowModeWait } from './slow-mode.js';

const at = (seconds: number) => new Date(1_760_000_000_000 + seconds * 1000);

describe('slow mode', () => {
  it('lets somebody speak who has not spoken yet', () => expect(slowModeWait(null, 60, at(0))).toBe(0));
  it('makes one wait for the rest of the time', () => expect(slowModeWait(at(0), 60, at(45))).toBe(15_000));
  it('lets one speak once the time is over', () => expect(slowModeWait(at(0), 60, at(60))).toBe(0));
  it('makes one wait in full whose last message is younger than this transaction', () =>
    expect(slowModeWait(at(1), 60, at(0))).toBe(61_000));

  it.each([
    ['member', 'human', true],
    ['moderator', 'human', false],
    ['host', 'human', false],
    ['member', 'agent', false],
  ] as const)('holds for a %s who is a %s: %s', (role, memberType, slowed) =>
    expect(isSlowed({ role, memberType })).toBe(slowed),
  );
});
