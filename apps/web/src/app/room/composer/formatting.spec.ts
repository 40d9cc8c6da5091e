import { fenced, looksLikeCode, markOf, toggled } from './formatting';

const at = (text: string) => {
  const start = text.indexOf('[');
  const end = text.indexOf(']') - 1;
  return { text: text.replace('[', '').replace(']', ''), start, end };
};
const shown = ({ text, start, end }: { text: string; start: number; end: number }) =>
  `${text.slice(0, start)}[${text.slice(start, end)}]${text.slice(end)}`;

describe('marks around words', () => {
  it('come and go with the same keys', () => {
    expect(shown(toggled(at('a [word] b'), '**'))).toBe('a **[word]** b');
    expect(shown(toggled(at('a **[word]** b'), '**'))).toBe('a [word] b');
    expect(shown(toggled(at('a **[word]** b'), '*'))).toBe('a ***[word]*** b');
    expect(shown(toggled(at('[]'), '`'))).toBe('`[]`');
  });

  it('are those of the usual keys', () => {
    const key = (name: string, options: KeyboardEventInit = {}) =>
      markOf(new KeyboardEvent('keydown', { key: name, ctrlKey: true, ...options }));
    expect([key('b'), key('i'), key('e'), key('X', { shiftKey: true })]).toEqual(['**', '*', '`', '~~']);
    expect(key('b', { ctrlKey: false })).toBeNull();
    expect(key('x')).toBeNull();
  });

  it('fence code on lines of its own, with a fence longer than any in it', () => {
    expect(fenced(at('see [x = 1\ny = 2] ok')).text).toBe('see \n```\nx = 1\ny = 2\n```\n ok');
    expect(fenced(at('[```]')).text).toBe('````\n```\n````');
  });
});

describe('what was pasted', () => {
  it('is code if most of its lines look like it', () => {
    expect(looksLikeCode('const a = 1;\nif (a) {\n  go();\n}')).toBe(true);
    expect(looksLikeCode('def f(x):\n    return x\n\nprint(f(1))\nclass A:\n    pass')).toBe(true);
    expect(looksLikeCode('Dear all,\nwe meet tomorrow\nat nine.\nBring coffee\nand cake.')).toBe(false);
    expect(looksLikeCode('const a = 1;')).toBe(false);
  });
});
