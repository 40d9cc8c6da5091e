import { parseStorableJson } from './storable-json.js';

describe('JSON on its way into the database', () => {
  it('is what it says where PostgreSQL can keep it', () => {
    expect(parseStorableJson('{"title":"Fix \\ud83d\\ude00 \\\\u0000","n":[1,null]}')).toEqual({
      title: 'Fix 😀 \\u0000',
      n: [1, null],
    });
  });

  it.each([
    ['{"title":"a\\u0000b"}', { title: 'a\uFFFDb' }],
    ['["\\ud83d", {"\\udc00":1}]', ['\uFFFD', { '\uFFFD': 1 }]],
  ])('loses what PostgreSQL would refuse: %s', (text, kept) => {
    expect(parseStorableJson(text)).toEqual(kept);
  });

  it('is refused if it is none', () => {
    expect(() => parseStorableJson('{')).toThrow(SyntaxError);
  });
});
