import { speechTokens } from './speech-tokens';

const inline = (text: string, names: string[] = []) => {
  const [block] = speechTokens(text, names);
  return block?.kind === 'prose' ? block.parts.map((part) => [part.kind, part.text]) : null;
};
const hrefs = (text: string) =>
  speechTokens(text, []).flatMap((block) =>
    block.kind === 'prose' ? block.parts.flatMap((part) => (part.kind === 'link' ? [part.href] : [])) : [],
  );

describe('what was said', () => {
  it('stays one text when there is nothing special in it, markup included', () => {
    expect(inline('<b>2 < 3</b> & [x](y)')).toEqual([['text', '<b>2 < 3</b> & [x](y)']]);
  });

  it('keeps its line breaks', () => {
    expect(inline('one\n\ntwo')).toEqual([['text', 'one\n\ntwo']]);
  });

  it.each([
    ['see https://a.example/x.', 'https://a.example/x'],
    ['(https://a.example/x)', 'https://a.example/x'],
    ['https://a.example/x_(y)', 'https://a.example/x_(y)'],
    ['(see https://a.example/x_(y)), then', 'https://a.example/x_(y)'],
    ['https://a.example/?q=1&r=2!', 'https://a.example/?q=1&r=2'],
  ])('links %s without what only ends the sentence', (text, href) => {
    expect(hrefs(text)).toEqual([href]);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'https://', 'xhttps://a.example'])(
    'does not make a link of %s',
    (text) => {
      expect(hrefs(text)).toEqual([]);
    },
  );

  it('marks mentions of those it is told of, whatever their case, and of nobody else', () => {
    expect(inline('hey @Otter, ask @nobody or mail ann@otter.example', ['otter'])).toEqual([
      ['text', 'hey '],
      ['mention', '@Otter'],
      ['text', ', ask @nobody or mail ann@otter.example'],
    ]);
  });

  it('takes neither links nor mentions from code', () => {
    expect(inline('run `npx @otter https://a.example` now', ['otter'])).toEqual([
      ['text', 'run '],
      ['code', 'npx @otter https://a.example'],
      ['text', ' now'],
    ]);
  });

  it('sets code between fences apart, with its language and every blank in it', () => {
    expect(speechTokens('Like so:\n```ts\n  const a = `b`;\n\n  @otter\n```\nand done', ['otter'])).toEqual([
      { kind: 'prose', parts: [{ kind: 'text', text: 'Like so:' }] },
      { kind: 'code', language: 'ts', text: '  const a = `b`;\n\n  @otter' },
      { kind: 'prose', parts: [{ kind: 'text', text: 'and done' }] },
    ]);
  });

  it('takes code whose fence was never closed as code to the end', () => {
    expect(speechTokens('```\nrest', [])).toEqual([{ kind: 'code', language: '', text: 'rest' }]);
  });
});
