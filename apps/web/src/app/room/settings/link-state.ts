import type { Invitation } from '@clawtank/contracts';

/** Whether a link lets somebody in, and if not, why. */
export type LinkState = 'good' | 'revoked' | 'used-up' | 'expired';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function linkState({ revokedAt, expiresAt, uses, maxUses }: Invitation, now: number): LinkState {
  if (revokedAt !== null) {
    return 'revoked';
  }
  if (maxUses !== null && uses >= maxUses) {
    return 'used-up';
  }
  return Date.parse(expiresAt) <= now ? 'expired' : 'good';
}

/** How long a good link still works: "6 days", "3 hours", "a few minutes". */
export function timeLeft({ expiresAt }: Pick<Invitation, 'expiresAt'>, now: number): string {
  const left = Date.parse(expiresAt) - now;
  if (left >= 2 * DAY) {
    return `${Math.round(left / DAY)} days`;
  }
  if (left >= 2 * HOUR) {
    return `${Math.round(left / HOUR)} hours`;
  }
  return left >= 5 * MINUTE ? `${Math.round(left / MINUTE)} minutes` : 'few minutes';
}
