import type { Actor, AgentSelf, ChatMessage } from '@clawtank/contracts';

/** Who may set the agent to work: as the settings name them, with `owner` and `*` for what they stand for. */
export interface Audience {
  readonly allowFrom: readonly string[];
  readonly requireMention: boolean;
}

type Me = Pick<AgentSelf, 'agentId' | 'name' | 'ownerId'>;

/** Whether the agent is spoken to: by its name, or by an answer of a person's to what it said. `answers` is whose message is answered. */
export function isAddressed(
  message: Pick<ChatMessage, 'mentions' | 'author'>,
  me: Me,
  answers: string | null,
): boolean {
  const isMentioned = message.mentions.some((name) => name.toLowerCase() === me.name.toLowerCase());
  return isMentioned || (message.author.type === 'human' && answers === me.agentId);
}

/** Whether a message of the room is for the agent to hear at all. What agents say wakes it only if it is addressed. */
export function isForIt(
  message: Pick<ChatMessage, 'author' | 'deletedAt'>,
  me: Me,
  isSpokenTo: boolean,
  { requireMention }: Audience,
): boolean {
  if (message.author.id === null || message.author.id === me.agentId || message.deletedAt !== null) {
    return false;
  }
  return isSpokenTo || (!requireMention && message.author.type === 'human');
}

/** The ids of those who may set the agent to work, as far as `who` is concerned: names are found in any case. */
export function allowedIds({ allowFrom }: Pick<Audience, 'allowFrom'>, { ownerId }: Me, who: Actor): string[] {
  const name = who.name.toLowerCase();
  return allowFrom.map((entry) => {
    const word = entry.trim().replace(/^@/, '').toLowerCase();
    if (word === 'owner') {
      return ownerId;
    }
    return word === name && who.id !== null ? who.id : word;
  });
}

/** Whether somebody may set the agent to work. */
export function mayAsk(audience: Pick<Audience, 'allowFrom'>, me: Me, who: Actor): boolean {
  const allowed = allowedIds(audience, me, who);
  return allowed.includes('*') || (who.id !== null && allowed.includes(who.id));
}
