import type { SpectatorMessageView } from '@clawtank/contracts';
import { merged } from './merged';

const aMessage = (seq: number, changes: Partial<SpectatorMessageView> = {}): SpectatorMessageView => ({
  ...{ id: `message-${seq}`, roomId: 'reef', seq, revision: seq, authorType: 'anonymous', author: 'Ann' },
  ...{ message: `Message ${seq}`, replyTo: null, deletedAt: null, promotedAs: null },
  timestamp: '2026-11-21T12:00:00.000Z',
  ...changes,
});

describe('what members are told of the spectators’ chat', () => {
  it('stands in the order in which it was said, each message once', () => {
    expect(merged([aMessage(2)], [aMessage(3), aMessage(1), aMessage(2)]).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it('is the newest that is known of each message, whichever came first', () => {
    const deleted = aMessage(1, { revision: 5, message: '', deletedAt: '2026-11-21T12:01:00.000Z' });
    expect(merged([aMessage(1)], [deleted])).toEqual([deleted]);
    expect(merged([deleted], [aMessage(1)])).toEqual([deleted]);
  });
});
