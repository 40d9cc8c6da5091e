import { type Ability, SLASH_COMMANDS, completeSlashCommand } from '@clawtank/contracts';
import type { Emoji, EmojiList } from '../emoji/emoji-data';
import type { Seat } from '../state/seats';

const MOST = 8;

/** What is being typed at the caret, and where it begins. */
export interface Completion {
  readonly kind: 'mention' | 'emoji' | 'command';
  readonly from: number;
  readonly query: string;
}

/** One way to complete it. */
export type Suggestion = { readonly id: string; readonly insert: string } & (
  | { readonly kind: 'seat'; readonly seat: Seat }
  | { readonly kind: 'here' }
  | { readonly kind: 'emoji'; readonly emoji: Emoji }
  | { readonly kind: 'command'; readonly usage: string; readonly describe: string }
);

const PATTERNS: readonly (readonly [Completion['kind'], RegExp])[] = [
  ['command', /^\/([a-z-]*)$/i],
  ['mention', /(?:^|[\s([{,;:])@([\w-]*)$/],
  ['emoji', /(?:^|[\s([{])(:[\w+-]{2,})$/],
];

/** The mention, emoji or command that is being typed at the caret; null if none is. */
export function completionAtCaret(text: string, caret: number): Completion | null {
  for (const [kind, pattern] of PATTERNS) {
    const written = pattern.exec(text.slice(0, caret))?.[1];
    if (written !== undefined) {
      return kind === 'emoji'
        ? { kind, from: caret - written.length, query: written.slice(1) }
        : { kind, from: caret - written.length - 1, query: written };
    }
  }
  return null;
}

/** Who may be meant: names that begin so before names that only contain it, and agents first, as one mostly asks them. */
export function seatsFor(query: string, seats: readonly Seat[], readerId: string): Suggestion[] {
  const wanted = query.toLowerCase();
  const rank = ({ name, type }: Seat) => (name.toLowerCase().startsWith(wanted) ? 0 : 2) + (type === 'agent' ? 0 : 1);
  const found = seats
    .filter(({ id, name }) => id !== readerId && name.toLowerCase().includes(wanted))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
    .map((seat): Suggestion => ({ kind: 'seat', id: seat.id, insert: `@${seat.name}`, seat }));
  const everybody: Suggestion[] = 'here'.startsWith(wanted) ? [{ kind: 'here', id: 'here', insert: '@here' }] : [];
  return [...found.slice(0, MOST), ...everybody];
}

export function emojiFor(query: string, list: EmojiList): Suggestion[] {
  return list
    .search(query, MOST)
    .map((emoji): Suggestion => ({ kind: 'emoji', id: emoji.unicode, insert: emoji.unicode, emoji }));
}

export function commandsFor(query: string, may: (ability: Ability) => boolean): Suggestion[] {
  return completeSlashCommand(query, may).map((name): Suggestion => {
    const { usage, describe } = SLASH_COMMANDS[name];
    return { kind: 'command', id: name, insert: `/${name}`, usage, describe };
  });
}

/** The text with the words written out, and where the caret belongs then. */
export function completed(text: string, from: number, caret: number, words: string): { text: string; caret: number } {
  const after = text.slice(caret);
  const written = `${text.slice(0, from)}${words}${/^\s/.test(after) ? '' : ' '}`;
  return { text: written + after, caret: written.length + (/^\s/.test(after) ? 1 : 0) };
}
