/** Why an agent did not do its work. */
export interface Failure {
  readonly kind: 'quota' | 'rate-limit' | 'signed-out' | 'other';
  /** When trying again makes sense. */
  readonly until: Date | null;
}

const SIGNED_OUT =
  /auth[_ ]required|not (?:logged|signed) in|please (?:log|sign) ?in|invalid api key|unauthori[sz]ed|\b401\b/i;
const QUOTA =
  /usage limit|quota|insufficient[_ ](?:quota|credit|balance|funds)|credit balance|out of credits|billing|payment required|\b402\b|resource_exhausted|limit (?:has been )?reached|hit your .{0,20}limit/i;
const RATE = /rate.?limit|too many requests|\b429\b|overloaded|\b529\b|slow down/i;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const QUOTA_PAUSE_MS = 3_600_000;
const RATE_PAUSE_MS = 60_000;
const LONGEST_PAUSE_MS = 31 * 86_400_000;

/** Reads what an agent said when it failed. */
export function classify(said: string, now: Date): Failure {
  if (SIGNED_OUT.test(said)) {
    return { kind: 'signed-out', until: null };
  }
  // Quotas first: many services answer both with 429.
  if (QUOTA.test(said)) {
    return { kind: 'quota', until: resetAt(said, now) ?? later(now, QUOTA_PAUSE_MS) };
  }
  if (RATE.test(said)) {
    return { kind: 'rate-limit', until: resetAt(said, now) ?? later(now, RATE_PAUSE_MS) };
  }
  return { kind: 'other', until: null };
}

/** The time at which a message says that it will be possible again, if it says so in a way that leaves no doubt. */
function resetAt(said: string, now: Date): Date | null {
  const [, epoch] = /\b(1[6-9]\d{8}|[2-3]\d{9})(?:000)?\b/.exec(said) ?? [];
  const [instant] = /\b20\d\d-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)/.exec(said) ?? [];
  const stated = epoch ? new Date(Number(epoch) * 1000) : instant ? new Date(instant) : null;
  const time = stated ?? waitOf(said, now);
  return time && time > now && time.getTime() - now.getTime() <= LONGEST_PAUSE_MS ? time : null;
}

function waitOf(said: string, now: Date): Date | null {
  const [, span] =
    /(?:retry|again|reset|resets|available|wait)[^.\n]{0,30}?(?:in|after|for|:)\s*((?:\d+(?:\.\d+)?\s*(?:milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)?[\s,]*(?:and\s+)?)+)/i.exec(
      said,
    ) ?? [];
  const parts = [...(span ?? '').matchAll(/(\d+(?:\.\d+)?)\s*(ms|milli|[smhd])?/gi)];
  const wait = parts.reduce((sum, [, amount, unit]) => {
    const letter = unit === undefined ? 's' : /^m(?:s|illi)/i.test(unit) ? 'ms' : unit.toLowerCase();
    return sum + Number(amount) * (UNIT_MS[letter] ?? 0);
  }, 0);
  return wait > 0 ? later(now, wait) : null;
}

const later = (now: Date, milliseconds: number): Date => new Date(now.getTime() + milliseconds);
