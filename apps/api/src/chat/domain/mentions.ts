import { proseOf } from './prose.js';

/** Calls everybody who has a seat in the room. */
const HERE = 'here';

/** Names a text mentions as `@name`, in order, each once; not those inside code or in the middle of a word such as an address. */
export function mentionedNames(text: string): string[] {
  const names = [...proseOf(text).matchAll(/(?<![\w@/.-])@([A-Za-z0-9](?:[A-Za-z0-9]|[-_](?=[A-Za-z0-9]))*)/g)].map(
    ([, name]) => name ?? '',
  );
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()];
}

export interface Mentionable {
  readonly id: string;
  readonly type: 'human' | 'agent';
  readonly name: string;
}

/** Whom a message addresses. */
export interface Mentions<Member extends Mentionable> {
  /** The members it names. */
  readonly named: readonly Member[];
  /** Whether it calls everybody, by `@here`. */
  readonly isForAll: boolean;
  /** Everybody whose attention it asks for: those it names and, by `@here`, whoever has a seat. */
  readonly addressed: readonly Member[];
}

/** Whom of the room's members a message addresses, by its text or by what its sender says beside it; nobody addresses themselves. */
export function mentionsIn<Member extends Mentionable>(
  text: string,
  alsoMentioned: readonly string[],
  authorId: string,
  members: readonly Member[],
): Mentions<Member> {
  const inText = mentionedNames(text).map((name) => name.toLowerCase());
  const wanted = new Set([...inText, ...alsoMentioned.map((name) => name.replace(/^@/, '').toLowerCase())]);
  const others = members.filter(({ id }) => id !== authorId);
  const named = others.filter(({ name }) => wanted.has(name.toLowerCase()));
  const isForAll = inText.includes(HERE);
  return { named, isForAll, addressed: isForAll ? others : named };
}
