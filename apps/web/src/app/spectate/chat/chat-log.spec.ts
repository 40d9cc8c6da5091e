import type { SpectatorChat, SpectatorChatMessage } from '@clawtank/contracts';
import { EMPTY_LOG, opened, said, takenBack } from './chat-log';

const aMessage = (seq: number, revision = seq): SpectatorChatMessage => ({
  ...{ room_id: 'harbour', message_id: `message-${seq}`, seq, revision, spectator_id: 'spectator_1' },
  ...{ display_name: 'Ann', author_type: 'anonymous', message: `Message ${seq}`, reply_to: null },
  timestamp: '2026-11-21T12:00:00.000Z',
});
const aChat = (changes: Partial<SpectatorChat>): SpectatorChat => ({
  ...{ room_id: 'harbour', enabled: true, slow_mode_seconds: 0, max_message_length: 500, max_name_length: 32 },
  ...{ display_name: null, muted_until: null, recovered: false, revision: 0, messages: [], deleted: [] },
  ...changes,
});
const texts = ({ messages }: { messages: readonly SpectatorChatMessage[] }) => messages.map(({ seq }) => seq);

describe('the chat of those who watch, as a reader has it', () => {
  it('has each message once and in order, however it comes', () => {
    const log = [3, 1, 2, 3].reduce((before, seq) => said(before, aMessage(seq)), EMPTY_LOG);
    expect(texts(log)).toEqual([1, 2, 3]);
    expect(log.revision).toBe(3);
  });

  it('goes on with what was said and taken back meanwhile', () => {
    const log = [1, 2].reduce((before, seq) => said(before, aMessage(seq)), EMPTY_LOG);
    const after = opened(
      log,
      aChat({ recovered: true, revision: 4, messages: [aMessage(3, 4)], deleted: ['message-1'] }),
    );
    expect(texts(after)).toEqual([2, 3]);
    expect(after.revision).toBe(4);
  });

  it('is replaced where it could not go on, and empty once it is closed', () => {
    const log = said(EMPTY_LOG, aMessage(1));
    expect(texts(opened(log, aChat({ revision: 9, messages: [aMessage(8)] })))).toEqual([8]);
    expect(texts(opened(log, aChat({ enabled: false, revision: 9 })))).toEqual([]);
  });

  it('loses what is taken back', () => {
    const log = takenBack(
      [1, 2].reduce((before, seq) => said(before, aMessage(seq)), EMPTY_LOG),
      'message-2',
      3,
    );
    expect(texts(log)).toEqual([1]);
    expect(log.revision).toBe(3);
  });
});
