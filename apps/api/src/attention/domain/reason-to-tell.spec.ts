import { type Concern, reasonToTell } from './reason-to-tell.js';

const concern = (given: Partial<Concern>): Concern => ({
  isAuthor: false,
  isMentioned: false,
  isCalledByHere: false,
  isAnswered: false,
  level: 'all',
  ...given,
});

describe('the reason to tell somebody of a message', () => {
  it.each([
    ['a mention', { isMentioned: true }, 'mention'],
    ['an answer', { isAnswered: true }, 'reply'],
    ['a call to everybody', { isCalledByHere: true }, 'here'],
    ['a mention beside everything else', { isMentioned: true, isAnswered: true, isCalledByHere: true }, 'mention'],
    ['an answer that calls everybody too', { isAnswered: true, isCalledByHere: true }, 'reply'],
    ['what only the others are meant by', {}, null],
  ] as const)('%s', (_, given, reason) => {
    expect(reasonToTell(concern(given))).toBe(reason);
    expect(reasonToTell(concern({ ...given, level: 'mentions' }))).toBe(reason);
  });

  it('is none in a muted room, and none for the author', () => {
    const everything = { isMentioned: true, isAnswered: true, isCalledByHere: true };
    expect(reasonToTell(concern({ ...everything, level: 'none' }))).toBeNull();
    expect(reasonToTell(concern({ ...everything, isAuthor: true }))).toBeNull();
  });
});
