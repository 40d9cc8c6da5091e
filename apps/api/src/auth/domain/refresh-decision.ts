export interface PresentedRefreshToken {
  readonly usedAt: Date | null;
  readonly sessionExpiresAt: Date;
  readonly sessionRevokedAt: Date | null;
}

/**
 * - `rotate`: it is its family's newest token and is exchanged for its successor.
 * - `repeat`: it was exchanged a moment ago, by another tab or by a request whose answer got lost: the same successor again.
 * - `reused`: it was exchanged long ago, so two parties hold it and one of them stole it: the family dies.
 * - `ended`: its session is over.
 */
export type RefreshDecision = 'rotate' | 'repeat' | 'reused' | 'ended';

/** How long an exchanged token still leads to its successor. */
export const REPEAT_WINDOW_MS = 10_000;

export function decideRefresh(token: PresentedRefreshToken, now: Date): RefreshDecision {
  if (token.sessionRevokedAt || token.sessionExpiresAt <= now) {
    return 'ended';
  }
  if (!token.usedAt) {
    return 'rotate';
  }
  return now.getTime() - token.usedAt.getTime() <= REPEAT_WINDOW_MS ? 'repeat' : 'reused';
}
