import fc from 'fast-check';
import { MAX_DEPTH, speechBlocks } from './speech-blocks';
import { type Block, excerpt, type Inline, type LinkInline, plainText } from './speech-tree';

const inlines = (text: string, names: string[] = [], here = false): readonly Inline[] => {
  const [block] = speechBlocks(text, { names, here });
  return block?.kind === 'paragraph' ? block.children : [];
};
const kinds = (text: string) => speechBlocks(text).map(({ kind }) => kind);
const links = (text: string) => inlines(text).filter((part): part is LinkInline => part.kind === 'link');

describe('what was said, read as Markdown', () => {
  it('knows emphasis, code and strokes', () => {
    expect(inlines('**bold** *soft* ~~gone~~ `a*b*`')).toEqual([
      { kind: 'strong', children: [{ kind: 'text', text: 'bold' }] },
      { kind: 'text', text: ' ' },
      { kind: 'emphasis', children: [{ kind: 'text', text: 'soft' }] },
      { kind: 'text', text: ' ' },
      { kind: 'strike', children: [{ kind: 'text', text: 'gone' }] },
      { kind: 'text', text: ' ' },
      { kind: 'code', text: 'a*b*' },
    ]);
  });

  it('knows lists, tasks, quotes, headings, rules and tables', () => {
    expect(kinds('# Plan\n\n- [x] one\n- two\n\n> said\n\n---\n\n| a | b |\n|---|--:|\n| 1 | 2 |')).toEqual([
      'heading',
      'list',
      'quote',
      'rule',
      'table',
    ]);
    expect(speechBlocks('3. three\n4. four')).toMatchObject([{ kind: 'list', start: 3 }]);
    expect(speechBlocks('- [x] one\n- [ ] two')).toMatchObject([{ items: [{ checked: true }, { checked: false }] }]);
  });

  it('keeps the lines of a message as they were broken, and code as it is', () => {
    expect(plainText(speechBlocks('one\ntwo'))).toBe('one\ntwo');
    expect(speechBlocks('```ts\nif (a < b)\n  go();\n```')).toEqual([
      { kind: 'code', language: 'ts', text: 'if (a < b)\n  go();' },
    ]);
  });

  it('takes indentation, dashes below a line, footnotes and references for the text they are', () => {
    expect(kinds('    indented')).toEqual(['paragraph']);
    expect(kinds('Title\n---')).toEqual(['paragraph', 'rule']);
    expect(plainText(speechBlocks('[^1]: a note\n\n[a]: https://a.example'))).toContain('[^1]: a note');
    expect(plainText(speechBlocks('R&amp;D &copy; &#42;'))).toBe('R&amp;D &copy; &#42;');
  });

  it('shows HTML as text', () => {
    const text = '<img src=x onerror=alert(1)> & <b>bold</b>';
    expect(inlines(text)).toEqual([{ kind: 'text', text }]);
    expect(plainText(speechBlocks('<script>\nalert(1)\n</script>'))).toBe('<script>\nalert(1)\n</script>');
  });

  it('links only to where a link may lead, and says where that is', () => {
    expect(links('[our docs](https://a.example/x?a=1&b=2)')).toMatchObject([
      { href: 'https://a.example/x?a=1&b=2', host: 'a.example' },
    ]);
    expect(links('see https://a.example/x.')).toMatchObject([{ href: 'https://a.example/x', host: null }]);
    expect(links('[https://bank.example](https://evil.example)')).toMatchObject([{ host: 'evil.example' }]);
    expect(links('mail me@a.example')).toMatchObject([{ href: 'mailto:me@a.example', host: null }]);
    for (const bad of ['[x](javascript:alert(1))', '[x](data:text/html,hi)', '[x](//a.example)', '[x](vbscript:x)']) {
      expect(inlines(bad)).toEqual([{ kind: 'text', text: bad }]);
    }
  });

  it('makes a link of an image from elsewhere', () => {
    expect(inlines('![a cat](https://a.example/cat.png)')).toEqual([
      {
        kind: 'link',
        href: 'https://a.example/cat.png',
        host: 'a.example',
        title: '',
        children: [{ kind: 'text', text: 'a cat' }],
      },
    ]);
  });

  it('marks those whom the server says it mentions, and nobody else', () => {
    expect(inlines('@Otter and @nobody, mail a@otter', ['otter']).filter(({ kind }) => kind === 'mention')).toEqual([
      { kind: 'mention', text: '@Otter', name: 'Otter' },
    ]);
    expect(inlines('`@otter` **@otter**', ['otter'])).toEqual([
      { kind: 'code', text: '@otter' },
      { kind: 'text', text: ' ' },
      { kind: 'strong', children: [{ kind: 'mention', text: '@otter', name: 'otter' }] },
    ]);
    expect(inlines('@here', [], true)).toEqual([{ kind: 'here', text: '@here' }]);
    expect(inlines('@here', [], false)).toEqual([{ kind: 'text', text: '@here' }]);
  });

  it('tells in one line what it begins with', () => {
    expect(excerpt(speechBlocks('# Plan\n\n**Do** it\n- now'))).toBe('Plan Do it now');
    expect(excerpt(speechBlocks('x'.repeat(200)), 10)).toBe(`${'x'.repeat(9)}…`);
  });
});

const depthOf = (block: Block | Inline): number => {
  const below: readonly (Block | Inline)[] =
    'items' in block ? block.items.flatMap(({ children }) => children) : 'children' in block ? block.children : [];
  return 1 + Math.max(0, ...below.map(depthOf));
};

/** Everything a reader can get at: what is shown, where links lead, and the names of languages. */
const everything = (part: Block | Inline): string => {
  const own =
    part.kind === 'link'
      ? `${part.title} ${part.href}`
      : part.kind === 'code' && 'language' in part
        ? part.language
        : '';
  const text = 'text' in part ? part.text : '';
  const below: readonly (Block | Inline)[] =
    'items' in part
      ? part.items.flatMap(({ children }) => children)
      : 'rows' in part
        ? [part.head, ...part.rows].flat(2)
        : 'children' in part
          ? part.children
          : [];
  return [own, text, ...below.map(everything)].join(' ');
};

describe('whatever somebody writes', () => {
  const hostile = [
    '[',
    '![',
    '*',
    '_*',
    '**a ',
    '*a_ ',
    '> ',
    '- ',
    '1. ',
    '> - ',
    '`',
    '~~',
    '[a](',
    '[a][',
    '|a',
    '|-|\n|a|\n',
    '<',
    '\\',
    '(((',
    '#',
  ];

  it.each(hostile)('takes 4,000 characters of %j without going deep', (unit) => {
    const text = unit.repeat(4000).slice(0, 4000);
    const blocks = speechBlocks(text);
    expect(Math.max(0, ...blocks.map(depthOf))).toBeLessThanOrEqual(2 * MAX_DEPTH + 3);
  });

  it('shows what is nested too deep as it was written', () => {
    const text = `${'> '.repeat(MAX_DEPTH + 1)}deep`;
    expect(speechBlocks(text)).toEqual([{ kind: 'paragraph', children: [{ kind: 'text', text }] }]);
  });

  it('never throws and loses no word', () => {
    const word = fc.string({ unit: fc.constantFrom(...'abcdefgh'), minLength: 2, maxLength: 6 });
    const markup = fc.constantFrom(
      ...['*', '**', '_', '~~', '`', '```', '> ', '- ', '1. ', '- [ ] ', '# ', '[', ']', '(', ')', '![', '](https://'],
      ...['|', '|-|', '\n', '\n\n', '    ', '<', '>', '&', '&amp;', '\\', '@', ':', 'https://', '---', ' '],
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(word, markup, fc.constant(' ')), { maxLength: 60 }), (pieces) => {
        const text = pieces.join('');
        const shown = speechBlocks(text)
          .map(everything)
          .join(' ')
          .replace(/%5B|%5D|%7C/gi, ' ');
        for (const [said] of text.replaceAll('&amp;', ' ').matchAll(/[a-h]+/g)) {
          expect(shown).toContain(said);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('takes any characters at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        speechBlocks(text);
      }),
      { numRuns: 500 },
    );
  });
});
