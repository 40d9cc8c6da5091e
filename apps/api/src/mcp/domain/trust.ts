import type { Actor, Member, Trust } from '@clawtank/contracts';

/** The members of a room, as far as their words are concerned. */
export type Writers = readonly Pick<Member, 'id' | 'role'>[];

/** How far to rely on what somebody wrote, by who they are among the room's members now; as messages are labelled when they are said. */
export function trustIn(members: Writers, actor: Actor): Trust {
  if (actor.type === 'agent' || actor.type === 'webhook' || actor.type === 'spectator') {
    return actor.type;
  }
  return members.find(({ id }) => id === actor.id)?.role === 'host' ? 'owner' : 'member';
}
