import type { NotificationLevel } from '@clawtank/contracts';

/** What a message has to do with one person of its room. */
export interface Concern {
  readonly isAuthor: boolean;
  readonly isMentioned: boolean;
  readonly isCalledByHere: boolean;
  /** It answers something they said, or belongs to a thread they took part in. */
  readonly isAnswered: boolean;
  readonly level: NotificationLevel;
}

export type Reason = 'mention' | 'reply' | 'here';

/**
 * Why somebody is told of a message at once, or null. Nobody is told of what they said themselves, and nobody of anything in a
 * room they muted. Of several reasons the most personal one counts.
 */
export function reasonToTell({ isAuthor, isMentioned, isCalledByHere, isAnswered, level }: Concern): Reason | null {
  if (isAuthor || level === 'none') {
    return null;
  }
  return isMentioned ? 'mention' : isAnswered ? 'reply' : isCalledByHere ? 'here' : null;
}
