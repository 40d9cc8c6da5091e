import { JONAS, MARA, OTTER, aMember } from '../testing/builders';
import { Emoji } from '@clawtank/contracts';
import { loadEmoji } from '../emoji/emoji-data';
import { seatsOf } from '../state/seats';
import { commandsFor, completed, completionAtCaret, emojiFor, seatsFor } from './completion';

describe('completing what is being typed', () => {
  it.each([
    ['@', 1, { kind: 'mention', from: 0, query: '' }],
    ['hey @ot', 7, { kind: 'mention', from: 4, query: 'ot' }],
    ['(@ot', 4, { kind: 'mention', from: 1, query: 'ot' }],
    ['hey @ot and on', 14, null],
    ['mail ann@ot', 11, null],
    ['hey @ot', 3, null],
    ['so :smi', 7, { kind: 'emoji', from: 3, query: 'smi' }],
    ['at 12:30', 8, null],
    ['/ta', 3, { kind: 'command', from: 0, query: 'ta' }],
    ['see /ta', 7, null],
    ['/task do', 8, null],
  ])('in "%s" with the caret at %d', (text, caret, found) => {
    expect(completionAtCaret(text, caret)).toEqual(found);
  });

  it('offers agents before people, names that begin so before others, and never the reader', () => {
    const seats = seatsOf(
      [MARA, JONAS, OTTER, { ...OTTER, id: 'mo', name: 'mo-jo' }].map((actor) => aMember(actor)),
      {},
      new Set(),
    );
    expect(seatsFor('', seats, 'mara').map(({ insert }) => insert)).toEqual(['@mo-jo', '@otter', '@jonas', '@here']);
    expect(seatsFor('jo', seats, 'mara').map(({ insert }) => insert)).toEqual(['@jonas', '@mo-jo']);
  });

  it('writes the name out and leaves the caret after one blank', () => {
    expect(completed('hey @ot', 4, 7, '@otter')).toEqual({ text: 'hey @otter ', caret: 11 });
    expect(completed('hey @ot please', 4, 7, '@otter')).toEqual({ text: 'hey @otter please', caret: 11 });
  });

  it('finds emoji by what they are called, the exact name first', async () => {
    const list = await loadEmoji();
    expect(emojiFor('tada', list)[0]).toMatchObject({ insert: '🎉' });
    expect(emojiFor('+1', list)[0]).toMatchObject({ insert: '👍' });
    expect(emojiFor('hear', list).map(({ insert }) => insert)).toContain('❤️');
    expect(emojiFor('zzzzzz', list)).toEqual([]);
  });

  it('offers only emoji that the server takes as a reaction', async () => {
    const { all } = await loadEmoji();
    expect(all.length).toBeGreaterThan(1500);
    expect(all.filter(({ unicode }) => !Emoji.safeParse(unicode).success)).toEqual([]);
  });

  it('offers the commands that the writer may use', () => {
    const names = (may: boolean) => commandsFor('t', () => may).map(({ insert }) => insert);
    expect(names(true)).toContain('/task');
    expect(names(false)).not.toContain('/task');
  });
});
