import type { DirectMessage, DirectMessagePage } from '@clawtank/contracts';

/** What two members have said to each other, as far back as this page has read it, whole from its first message on. */
export interface Talk {
  /** Oldest first. */
  readonly messages: readonly DirectMessage[];
  /** Every change up to this one is in here. */
  readonly revision: number;
  readonly hasMore: boolean;
}

export const EMPTY_TALK: Talk = { messages: [], revision: 0, hasMore: false };

export const talkOf = ({ messages, revision, hasMore }: DirectMessagePage): Talk => ({ messages, revision, hasMore });

/** The talk after one change that was pushed, or `'gap'` if something before it was missed. */
export function withChange(talk: Talk, message: DirectMessage): Talk | 'gap' {
  if (message.revision > talk.revision + 1) {
    return 'gap';
  }
  return { ...talk, messages: merged(talk, [message]), revision: Math.max(talk.revision, message.revision) };
}

/** The talk after a page of what changed since its revision; ask for the next one while the page has more. */
export function withMissed(talk: Talk, page: DirectMessagePage): Talk {
  const last = page.messages.at(-1)?.revision ?? 0;
  return {
    ...talk,
    messages: merged(talk, page.messages),
    revision: page.hasMore ? last : Math.max(page.revision, last, talk.revision),
  };
}

export function withOlder(talk: Talk, { messages, hasMore }: DirectMessagePage): Talk {
  return { ...talk, messages: merged({ ...talk, hasMore: false }, messages), hasMore };
}

/** Of two states of a message the newer one stands. What lies before the part that is known stays unknown. */
function merged({ messages, hasMore }: Talk, changes: readonly DirectMessage[]): readonly DirectMessage[] {
  const knownFrom = hasMore ? (messages[0]?.seq ?? 0) : 0;
  const byId = new Map(messages.map((message) => [message.id, message]));
  for (const message of changes) {
    const known = byId.get(message.id);
    if (message.seq >= knownFrom && (!known || known.revision < message.revision)) {
      byId.set(message.id, message);
    }
  }
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}
