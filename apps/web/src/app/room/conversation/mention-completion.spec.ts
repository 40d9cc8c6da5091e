import { JONAS, MARA, OTTER, aMember } from '../testing/builders';
import { seatsOf } from '../state/seats';
import { candidatesFor, mentionAtCaret, withMention } from './mention-completion';

describe('finding somebody to mention', () => {
  it.each([
    ['@', 1, { from: 0, query: '' }],
    ['hey @ot', 7, { from: 4, query: 'ot' }],
    ['(@ot', 4, { from: 1, query: 'ot' }],
    ['hey @ot and on', 14, null],
    ['mail ann@ot', 11, null],
    ['hey @ot', 3, null],
  ])('in "%s" with the caret at %d', (text, caret, found) => {
    expect(mentionAtCaret(text, caret)).toEqual(found);
  });

  it('offers agents before people, names that begin so before others, and never the reader', () => {
    const seats = seatsOf(
      [MARA, JONAS, OTTER, { ...OTTER, id: 'mo', name: 'mo-jo' }].map((actor) => aMember(actor)),
      {},
      new Set(),
    );
    expect(candidatesFor('', seats, 'mara').map(({ name }) => name)).toEqual(['mo-jo', 'otter', 'jonas']);
    expect(candidatesFor('jo', seats, 'mara').map(({ name }) => name)).toEqual(['jonas', 'mo-jo']);
  });

  it('writes the name out and leaves the caret after one blank', () => {
    expect(withMention('hey @ot', 4, 7, 'otter')).toEqual({ text: 'hey @otter ', caret: 11 });
    expect(withMention('hey @ot please', 4, 7, 'otter')).toEqual({ text: 'hey @otter please', caret: 11 });
  });
});
