import { readPacket, refusalFrame } from './packets.js';
import { readRefUpdates } from './ref-updates.js';

describe('frames of the agents’ namespace', () => {
  it('are read as what they are', () => {
    expect(readPacket('40/agents,{"token":"cta_1"}')).toEqual({ type: 'connect', data: { token: 'cta_1' } });
    expect(readPacket('42/agents,7["claim_task",{"taskId":"t"}]')).toEqual({
      type: 'event',
      ack: 7,
      name: 'claim_task',
      args: [{ taskId: 't' }],
    });
    expect(readPacket('42/agents,["lease_lost",{}]')).toMatchObject({ type: 'event', ack: null, name: 'lease_lost' });
    expect(readPacket('43/agents,7[{"ok":true}]')).toEqual({ type: 'ack', ack: 7, args: [{ ok: true }] });
    expect(readPacket('41/agents,')).toEqual({ type: 'disconnect' });
    expect(readPacket(refusalFrame('unavailable', 'Later'))).toEqual({
      type: 'refusal',
      data: { message: 'Later', data: { code: 'unavailable', message: 'Later' } },
    });
  });

  it.each(['2', '3', '0{"sid":"x"}', '42["chat_message",{}]', '42/agents,7[', '43/agents,[1]', ''])(
    'are told from others, and from nonsense: %j',
    (frame) => {
      expect(readPacket(frame)).toBeNull();
    },
  );
});

describe('the beginning of a push', () => {
  const before = '0'.repeat(40);
  const after = 'a'.repeat(40);
  const line = (text: string) => `${(text.length + 4).toString(16).padStart(4, '0')}${text}`;
  const push = `${line(`${before} ${after} refs/heads/one\0 report-status`)}${line(`${after} ${before} refs/heads/two`)}0000PACK`;

  it('says what is to be changed', () => {
    expect(readRefUpdates(Buffer.from(push))).toEqual([
      { ref: 'refs/heads/one', before, after },
      { ref: 'refs/heads/two', before: after, after: before },
    ]);
  });

  it('is waited for while it is not complete', () => {
    expect(readRefUpdates(Buffer.from(push.slice(0, 80)))).toBeNull();
    expect(readRefUpdates(Buffer.from('00'))).toBeNull();
  });

  it('is nothing if it is something else', () => {
    expect(readRefUpdates(Buffer.from('0000'))).toEqual([]);
    expect(readRefUpdates(Buffer.from('nonsense'))).toEqual([]);
  });
});
