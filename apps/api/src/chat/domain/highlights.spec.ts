import { FOUND_FROM, FOUND_TO, highlightsIn } from './highlights.js';

const marked = (text: string) => text.replaceAll('[', FOUND_FROM).replaceAll(']', FOUND_TO);

describe('highlightsIn', () => {
  it.each<[string, [number, number][]]>([
    ['nothing', []],
    ['[all]', [[0, 3]]],
    [
      'a [b] and [c d]',
      [
        [2, 3],
        [8, 11],
      ],
    ],
    [
      '😀 [x] 👩‍💻 [y]',
      [
        [3, 4],
        [11, 12],
      ],
    ],
    ['[left open', []],
  ])('finds the marks of %s', (text, ranges) => {
    expect(highlightsIn(marked(text))).toEqual(ranges);
  });
});
