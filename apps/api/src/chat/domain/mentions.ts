/** Names a text mentions as `@name`, in order, each once; not those inside code or in the middle of a word such as an address. */
export function mentionedNames(text: string): string[] {
  const prose = text.replace(/```[\s\S]*?(?:```|$)/g, ' ').replace(/`[^`\n]*`/g, ' ');
  const names = [...prose.matchAll(/(?<![\w@/.-])@([A-Za-z0-9](?:[A-Za-z0-9]|[-_](?=[A-Za-z0-9]))*)/g)].map(
    ([, name]) => name ?? '',
  );
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()];
}

export interface Mentionable {
  readonly id: string;
  readonly type: 'human' | 'agent';
  readonly name: string;
}

/** The members of the room that a message mentions, by its text or by what its sender says; nobody mentions themselves. */
export function mentionedMembers<Member extends Mentionable>(
  text: string,
  alsoMentioned: readonly string[],
  authorId: string,
  members: readonly Member[],
): Member[] {
  const wanted = new Set(
    [...mentionedNames(text), ...alsoMentioned].map((name) => name.replace(/^@/, '').toLowerCase()),
  );
  return members.filter(({ id, name }) => id !== authorId && wanted.has(name.toLowerCase()));
}
