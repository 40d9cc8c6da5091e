import { visibleText } from './visible-text';

const shown = (text: string): string =>
  visibleText(text)
    .map((piece) => (piece.isHidden ? `[${piece.text}]` : piece.text))
    .join('');

describe('a text that must not hide anything', () => {
  it('leaves alone what everybody can see', () => {
    expect(shown('npm test -- "Grüße, 世界" \\\n\t&& echo 🦦')).toBe('npm test -- "Grüße, 世界" \\\n\t&& echo 🦦');
    expect(visibleText('')).toEqual([]);
  });

  it.each([
    ['an override of the direction', 'rm \u202Etxt.exe', 'rm [U+202E]txt.exe'],
    ['an isolate', 'a\u2066b\u2069', 'a[U+2066]b[U+2069]'],
    ['a blank without width', 'npm\u200B test', 'npm[U+200B] test'],
    ['a blank that does not break', 'rm\u00A0-rf', 'rm[U+00A0]-rf'],
    ['a filler', 'a\u3164b', 'a[U+3164]b'],
    ['letters of tags', 'ok\u{E0041}', 'ok[U+E0041]'],
    ['an escape of the terminal', '\u001B[2Kgone', '[U+001B][2Kgone'],
    ['a return to the start of the line', 'rm -rf /\rls', 'rm -rf /[U+000D]ls'],
    ['a separator of lines', 'a\u2028b', 'a[U+2028]b'],
    ['half a character', 'a\uD800b', 'a[U+D800]b'],
  ])('shows %s', (_, text, expected) => {
    expect(shown(text)).toBe(expected);
  });
});
