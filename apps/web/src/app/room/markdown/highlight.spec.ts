import { highlight } from './highlight';

describe('coloured code', () => {
  it('keeps every character, and says what each stretch is', async () => {
    const code = 'const answer = 42; // sure\nreturn `a${b}`;';
    const tokens = await highlight(code, 'ts');
    expect(tokens?.map(({ text }) => text).join('')).toBe(code);
    expect(tokens).toContainEqual({ tone: 'keyword', text: 'const' });
    expect(tokens).toContainEqual({ tone: 'number', text: '42' });
    expect(tokens).toContainEqual({ tone: 'comment', text: '// sure' });
  });

  it('keeps every character of a language within another', async () => {
    const code = '<style>a { color: red }</style><script>let x = 1;</script>';
    const tokens = await highlight(code, 'html');
    expect(tokens?.map(({ text }) => text).join('')).toBe(code);
  });

  it('leaves a language that it does not know alone', async () => {
    expect(await highlight('x', 'klingon')).toBeNull();
  });
});
