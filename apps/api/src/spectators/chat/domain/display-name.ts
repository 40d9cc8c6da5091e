import { MAX_SPECTATOR_NAME } from '@clawtank/contracts';

/** What is not seen but changes what is: controls, marks that turn the direction of writing, characters without width, private use. */
const UNSEEN = /\p{Cc}|\p{Cf}|\p{Co}|\p{Cn}|\p{Default_Ignorable_Code_Point}|\u2800/gu;
/** Marks heaped upon a letter reach over the lines of others. */
const HEAPED = /(\p{M}{2})\p{M}+/gu;

/** Letters of other scripts that look like Latin ones, and digits that look like letters. */
const LOOKS_LIKE: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['a', 'аαɑ4'],
    ['b', 'вьβ8'],
    ['c', 'сϲ'],
    ['d', 'ԁ'],
    ['e', 'еєε3'],
    ['f', 'ғ'],
    ['g', 'ɡ9'],
    ['h', 'һнη'],
    ['i', 'іıιl1|!ӏĺ'],
    ['j', 'јϳ'],
    ['k', 'кκ'],
    ['m', 'мμ'],
    ['n', 'пո'],
    ['o', 'оοσ0օ'],
    ['p', 'рρ'],
    ['q', 'ԛ'],
    ['r', 'гя'],
    ['s', 'ѕ5$'],
    ['t', 'тτ7'],
    ['u', 'υս'],
    ['v', 'ѵν'],
    ['w', 'ԝωш'],
    ['x', 'хχ'],
    ['y', 'уγү'],
    ['z', 'ᴢ2'],
  ].flatMap(([latin = '', others = '']) => [...others].map((other) => [other, latin])),
);

/** Words by which readers take somebody for a person with a say. */
const OFFICES = [
  'admin',
  'administrator',
  'agent',
  'bot',
  'clawtank',
  'here',
  'host',
  'mod',
  'moderator',
  'owner',
  'server',
  'staff',
  'support',
  'system',
  'team',
].map(likeness);

/** What a spectator without an account is called by: cleaned, or why not. */
export type NameDecision =
  { readonly name: string } | { readonly refused: 'empty' | 'too-long' | 'office' | 'taken' | 'mixed-scripts' };

/**
 * Cleans what somebody without an account wants to be called, and refuses what could be read as somebody else: the name of a member
 * or agent of the room, however it is spelled, or an office in it.
 */
export function chooseName(wanted: string, taken: readonly string[]): NameDecision {
  const name = wanted
    .normalize('NFKC')
    .replace(/[\s<>@`]+/gu, ' ')
    .replace(UNSEEN, '')
    .replace(HEAPED, '$1')
    .trim();
  if (!/[\p{L}\p{N}]/u.test(name)) {
    return { refused: 'empty' };
  }
  if ([...name].length > MAX_SPECTATOR_NAME) {
    return { refused: 'too-long' };
  }
  if (/\p{Script=Latin}/u.test(name) && /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/u.test(name)) {
    return { refused: 'mixed-scripts' };
  }
  const read = likeness(name);
  if (OFFICES.includes(read)) {
    return { refused: 'office' };
  }
  return taken.some((other) => likeness(other) === read) ? { refused: 'taken' } : { name };
}

/** What a name is read as: names of the same likeness are taken for each other. */
export function likeness(name: string): string {
  const letters = [...name.normalize('NFKD').toLowerCase()].map((letter) => LOOKS_LIKE[letter] ?? letter);
  return letters
    .join('')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w');
}

/** What somebody is called who chose no name. */
export const usualName = (spectatorId: string): string => `Viewer ${spectatorId.replaceAll('-', '').slice(0, 6)}`;
