/** Somebody as git writes them down: in commits, and in the reflog for pushes. */
export interface GitIdentity {
  readonly name: string;
  readonly email: string;
}

/** The host's own signature, for what nobody in the room did. `.invalid` can never be a real mailbox. */
export const CLAWTANK: GitIdentity = { name: 'ClawTank', email: 'noreply@clawtank.invalid' };

/** What git strips from both ends of a name; a name made of nothing else makes it refuse to commit at all. */
const STRIPPED_BY_GIT = /^[\s.,:;<>"\\']+|[\s.,:;<>"\\']+$/g;

/** The same person with a name and an e-mail address that git takes, whatever they typed into their profile. */
export function gitIdentity(person: GitIdentity): GitIdentity {
  return { name: clean(person.name) || 'Unnamed', email: clean(person.email).replaceAll(' ', '') };
}

function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}<>]+/gu, ' ').replace(STRIPPED_BY_GIT, '');
}
