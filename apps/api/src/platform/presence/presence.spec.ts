import { Clock } from '../clock.js';
import { MemoryPresence } from './memory-presence.js';
import { PRESENCE_TTL_MS } from './presence.js';

describe('presence', () => {
  let now = new Date('2026-01-01T00:00:00Z');
  const clock: Clock = { now: () => now };
  const statusOf = async (presence: MemoryPresence) => (await presence.of(['ann'])).get('ann');

  it('knows nobody it has not seen', async () => {
    expect(await statusOf(new MemoryPresence(clock))).toEqual({ status: 'offline', lastSeenAt: null });
  });

  it('takes the liveliest of several connections', async () => {
    const presence = new MemoryPresence(clock);
    await presence.seen([
      { memberId: 'ann', connectionId: 'laptop', status: 'idle' },
      { memberId: 'ann', connectionId: 'phone', status: 'active' },
    ]);
    expect(await statusOf(presence)).toMatchObject({ status: 'active' });
    await presence.gone('ann', 'phone');
    expect(await statusOf(presence)).toMatchObject({ status: 'idle' });
  });

  it('forgets a connection that is not seen again, and keeps when it last was', async () => {
    const presence = new MemoryPresence(clock);
    await presence.seen([{ memberId: 'ann', connectionId: 'laptop', status: 'active' }]);
    const seenAt = now.toISOString();
    now = new Date(now.getTime() + PRESENCE_TTL_MS);
    expect(await statusOf(presence)).toEqual({ status: 'offline', lastSeenAt: seenAt });
  });
});
