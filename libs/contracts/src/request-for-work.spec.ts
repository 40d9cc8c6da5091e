import { asksForWork, titleOf } from './request-for-work.js';

describe('asksForWork', () => {
  it.each([
    '@claude create docs/hello.md with Hello',
    'could you fix the login, @claude?',
    '@claude great idea, now please add tests for all of it',
  ])('hears work in %j', (message) => expect(asksForWork(message)).toBe(true));
  it.each(['@claude', 'thanks @claude!', '@claude nice work', 'hi @claude, welcome', '@claude 👍'])(
    'hears none in %j',
    (message) => expect(asksForWork(message)).toBe(false),
  );
});

describe('titleOf', () => {
  it('names the work without the mention', () =>
    expect(titleOf('@claude create docs/hello.md with Hello')).toBe('Create docs/hello.md with Hello'));
  it('takes the first line', () => expect(titleOf('@claude fix it\n\ndetails')).toBe('Fix it'));
  it('cuts a long line at a word', () => {
    const title = titleOf(`@claude ${'word '.repeat(40)}`);
    expect(title.endsWith('word…')).toBe(true);
    expect([...title].length).toBeLessThanOrEqual(80);
  });
});
