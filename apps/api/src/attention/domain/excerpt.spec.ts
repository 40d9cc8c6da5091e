import { excerptOf } from './excerpt.js';

describe('an excerpt', () => {
  it('is the text itself, in one line, if that is short', () => {
    expect(excerptOf('  first\n\nsecond\tthird ')).toBe('first second third');
  });

  it('is cut to 140 characters, never through one', () => {
    const excerpt = excerptOf('🦀'.repeat(200));
    expect([...excerpt]).toHaveLength(140);
    expect(excerpt).toBe(`${'🦀'.repeat(139)}…`);
  });
});
