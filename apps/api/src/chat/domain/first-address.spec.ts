import { firstAddress } from './first-address.js';

describe('the first address of a message', () => {
  it.each([
    ['see https://example.com/a?b=c#d for more', 'https://example.com/a?b=c#d'],
    ['HTTP://Example.COM', 'http://example.com/'],
    ['first http://one.example, then http://two.example', 'http://one.example/'],
    ['is it (https://example.com/a_(b))?', 'https://example.com/a_(b)'],
    ['[the guide](https://example.com/guide),[another](https://other.example)', 'https://example.com/guide'],
    ['<https://example.com/x>.', 'https://example.com/x'],
    ['**https://example.com/x**', 'https://example.com/x'],
    ['`https://code.example` and https://prose.example', 'https://prose.example/'],
    ['https://user:secret@example.com https://plain.example', 'https://plain.example/'],
    ['https:// and https://real.example', 'https://real.example/'],
    ['https://bücher.example/ü', 'https://xn--bcher-kva.example/%C3%BC'],
  ])('of %j is %s', (text, address) => {
    expect(firstAddress(text)).toBe(address);
  });

  it.each([
    'no address at all',
    'ftp://example.com and mailto:ann@example.com',
    '```\nhttps://code.example\n```',
    'xhttps://example.com',
    `https://example.com/${'x'.repeat(2000)}`,
  ])('is none in %j', (text) => {
    expect(firstAddress(text)).toBeNull();
  });
});
