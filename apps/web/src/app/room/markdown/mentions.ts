import type { Inline } from './speech-tree';

/** Whom a message calls, as the server found it: names of people and agents, and whether it calls everybody here. */
export interface Called {
  readonly names: readonly string[];
  readonly here: boolean;
}

/** As the server finds mentions: not in the middle of a word, such as an e-mail address. */
const MENTION = /(?<![\w@/.-])@([A-Za-z0-9](?:[A-Za-z0-9]|[-_](?=[A-Za-z0-9]))*)/g;

/** Text in which each mention of somebody who was really called stands apart. */
export function withMentions(text: string, { names, here }: Called): Inline[] {
  const called = new Set(names.map((name) => name.toLowerCase()));
  const parts: Inline[] = [];
  let from = 0;
  for (const { 0: written, 1: name = '', index } of text.matchAll(MENTION)) {
    const isHere = here && name.toLowerCase() === 'here';
    if (!isHere && !called.has(name.toLowerCase())) {
      continue;
    }
    if (index > from) {
      parts.push({ kind: 'text', text: text.slice(from, index) });
    }
    parts.push(isHere ? { kind: 'here', text: written } : { kind: 'mention', text: written, name });
    from = index + written.length;
  }
  return from < text.length ? [...parts, { kind: 'text', text: text.slice(from) }] : parts;
}
