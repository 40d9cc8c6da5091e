import { describe, expect, it } from '@jest/globals';
import { type Edit, readInstructions } from './instructions.js';

const edits = (message: string): readonly Edit[] => {
  const read = readInstructions(message);
  if (!read.understood) throw new Error(`not understood: ${JSON.stringify(read.unclear)}`);
  return read.edits;
};
const unclear = (message: string): readonly string[] => {
  const read = readInstructions(message);
  return read.understood ? ['(understood)'] : read.unclear;
};

const hello: Edit = { kind: 'create', file: 'docs/hello.md', text: 'Hello' };

describe('an instruction', () => {
  it.each<[string, Edit]>([
    ['create docs/hello.md with Hello', hello],
    ['@crusty create docs/hello.md with Hello', hello],
    ['Hey @crusty, please create docs/hello.md with "Hello".', hello],
    ['@crusty: could you create a new file called docs/hello.md with the text "Hello", please', hello],
    ['Create the file `docs/hello.md` containing: `Hello` thanks!', hello],
    ['create docs/hello.md with “Hello”', hello],
    ['create docs/hello.md with Hello, thanks', hello],
    ['- create docs/hello.md with Hello', hello],
    ['create docs/hello.md with Hello, world!', { ...hello, text: 'Hello, world!' }],
    ["create docs/hello.md with Don't panic; it's fine", { ...hello, text: "Don't panic; it's fine" }],
    ['create docs/hello.md with She said "hi" to me', { ...hello, text: 'She said "hi" to me' }],
    ['create a.js with const x = 1;', { kind: 'create', file: 'a.js', text: 'const x = 1;' }],
    ['create a.md with "two\nlines"', { kind: 'create', file: 'a.md', text: 'two\nlines' }],
    [
      'create a.md with "delete b.md; and then rename c to d"',
      { kind: 'create', file: 'a.md', text: 'delete b.md; and then rename c to d' },
    ],
    ['append Bye to docs/hello.md', { kind: 'append', file: 'docs/hello.md', text: 'Bye' }],
    [
      'add "to be or not to be" to the end of the file a.md',
      { kind: 'append', file: 'a.md', text: 'to be or not to be' },
    ],
    ['append Welcome to the reef to README.md.', { kind: 'append', file: 'README.md', text: 'Welcome to the reef' }],
    ['replace Hello by Ahoy in a.md', { kind: 'replace', file: 'a.md', old: 'Hello', by: 'Ahoy' }],
    [
      'replace "sign in" with "log in" in `docs/my file.md`',
      { kind: 'replace', file: 'docs/my file.md', old: 'sign in', by: 'log in' },
    ],
    ['replace foo with bar baz in a.md please', { kind: 'replace', file: 'a.md', old: 'foo', by: 'bar baz' }],
    ['replace "foo" by "" in a.md', { kind: 'replace', file: 'a.md', old: 'foo', by: '' }],
    ['delete docs/hello.md', { kind: 'delete', file: 'docs/hello.md' }],
    ['please remove the file docs/hello.md.', { kind: 'delete', file: 'docs/hello.md' }],
    ['rename a.md to b.md', { kind: 'rename', from: 'a.md', to: 'b.md' }],
    ['move "a b.md" into docs/c.md', { kind: 'rename', from: 'a b.md', to: 'docs/c.md' }],
    ['delete .gitignore', { kind: 'delete', file: '.gitignore' }],
  ])('%j is understood', (message, edit) => expect(edits(message)).toEqual([edit]));

  it('takes its text from a code block, exactly as it stands there', () => {
    const message = '@crusty create src/a.ts with:\n```ts\nif (x) {\n  delete this;\n}\n```\nthanks!';
    expect(edits(message)).toEqual([{ kind: 'create', file: 'src/a.ts', text: 'if (x) {\n  delete this;\n}\n' }]);
  });

  it('may name the file before the code block that is to be appended', () => {
    expect(edits('append to a.md:\n\n```\nmore\n```')).toEqual([{ kind: 'append', file: 'a.md', text: 'more\n' }]);
  });
});

describe('several instructions', () => {
  const both: Edit[] = [
    { kind: 'create', file: 'a.md', text: 'A' },
    { kind: 'delete', file: 'b.md' },
  ];

  it.each([
    'create a.md with A\ndelete b.md',
    'create a.md with A; delete b.md',
    'create a.md with A and then delete b.md',
    'create a.md with A, then please remove b.md.',
    '1. create a.md with A\n2. delete b.md\n',
    '@crusty\nplease create a.md with A\n\nand delete b.md\nthank you!',
    'create a.md with `A`;\ndelete b.md',
  ])('%j are read in order', (message) => expect(edits(message)).toEqual(both));

  it('may each have a code block', () => {
    const message = 'create a.md with\n```\nA\n```\nand then create b.md with\n```\nB\n```';
    expect(edits(message)).toEqual([
      { kind: 'create', file: 'a.md', text: 'A\n' },
      { kind: 'create', file: 'b.md', text: 'B\n' },
    ]);
  });
});

describe('anything else', () => {
  it.each([
    ['@crusty make the tests pass', ['make the tests pass']],
    ['create a.md with A\ndance', ['dance']],
    ['create a.md', ['create a.md']],
    ['replace foo in a.md', ['replace foo in a.md']],
    ['delete two words', ['delete two words']],
    ['replace "foo" by', ['replace "foo" by']],
    ['@crusty', []],
    ['', []],
  ])('%j is not', (message, parts) => expect(unclear(message)).toEqual(parts));

  it('is not guessed at: one unclear part and nothing is done', () => {
    expect(readInstructions('delete a.md; rename b.md')).toEqual({ understood: false, unclear: ['rename b.md'] });
  });

  it('is not an invitation to work for ever', () => {
    expect(readInstructions('delete a.md\n'.repeat(51)).understood).toBe(false);
    expect(readInstructions(`create a.md with ${'"x '.repeat(20_000)}`).understood).toBe(true);
  });
});
