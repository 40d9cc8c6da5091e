import { decideRefresh, REPEAT_WINDOW_MS } from './refresh-decision.js';

const NOW = new Date('2026-01-01T12:00:00Z');
const before = (milliseconds: number) => new Date(NOW.getTime() - milliseconds);
const token = { usedAt: null, sessionRevokedAt: null, sessionExpiresAt: new Date('2026-02-01T00:00:00Z') };

describe('what becomes of a refresh token', () => {
  it('exchanges the newest one', () => {
    expect(decideRefresh(token, NOW)).toBe('rotate');
  });

  it('repeats the answer to a second tab that asks a moment later', () => {
    expect(decideRefresh({ ...token, usedAt: before(0) }, NOW)).toBe('repeat');
    expect(decideRefresh({ ...token, usedAt: before(REPEAT_WINDOW_MS) }, NOW)).toBe('repeat');
  });

  it('repeats it to a request that waited for the one that exchanged it', () => {
    expect(decideRefresh({ ...token, usedAt: before(-50) }, NOW)).toBe('repeat');
  });

  it('takes a later use for theft', () => {
    expect(decideRefresh({ ...token, usedAt: before(REPEAT_WINDOW_MS + 1) }, NOW)).toBe('reused');
  });

  it('refuses every token of a session that is over, used or not', () => {
    expect(decideRefresh({ ...token, sessionRevokedAt: before(1) }, NOW)).toBe('ended');
    expect(decideRefresh({ ...token, usedAt: before(1), sessionRevokedAt: before(1) }, NOW)).toBe('ended');
    expect(decideRefresh({ ...token, sessionExpiresAt: NOW }, NOW)).toBe('ended');
  });
});
