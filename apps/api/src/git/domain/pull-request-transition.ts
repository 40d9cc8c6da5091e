import type { PullRequestFact } from './git-fact.js';

export interface KnownPullRequest {
  readonly state: 'open' | 'merged' | 'closed';
  /** When its provider last changed it. */
  readonly updatedAt: Date;
}

/** What a fact does to a pull request: `stale` means that something newer is known already. */
export type Transition = 'opened' | 'updated' | 'merged' | 'closed' | 'stale';

/**
 * Deliveries come in any order, and some never. What is newest by its provider's clock holds; a merge is final; and since
 * that clock may tick in seconds, of an open and a closed state of the same moment the closed one holds.
 */
export function transitionOf(
  known: KnownPullRequest | null,
  fact: Pick<PullRequestFact, 'what' | 'updatedAt'>,
): Transition {
  if (known === null) {
    return fact.what === 'updated' ? 'opened' : fact.what;
  }
  const age = Date.parse(fact.updatedAt) - known.updatedAt.getTime();
  const isOpenBesideClosed = age === 0 && known.state !== 'open' && (fact.what === 'opened' || fact.what === 'updated');
  if (age < 0 || isOpenBesideClosed) {
    return 'stale';
  }
  if (known.state === 'merged') {
    return fact.what === 'merged' ? 'updated' : 'stale';
  }
  switch (fact.what) {
    case 'merged':
      return 'merged';
    case 'closed':
      return known.state === 'closed' ? 'updated' : 'closed';
    case 'opened':
    case 'updated':
      return known.state === 'closed' ? 'opened' : 'updated';
  }
}
