import { readAddress, readFrame } from './incoming-message.js';

describe('The address of a plain WebSocket', () => {
  it.each([
    ['/spectate/room-1', { roomId: 'room-1', connect: {} }],
    ['/spectate/room-1?last_public_seq=7&epoch=e', { roomId: 'room-1', connect: { last_public_seq: 7, epoch: 'e' } }],
    ['/spectate/room-1?last_public_seq=7', { roomId: 'room-1', connect: {} }],
    ['/spectate/room-1?last_public_seq=-7&epoch=e', { roomId: 'room-1', connect: {} }],
    ['/spectate/room-1?auth=token&auth_token=token', { roomId: 'room-1', connect: {} }],
    ['/spectate/', null],
    ['/spectate/room-1/more', null],
    ['/socket.io/?EIO=4', null],
  ])('%s', (url, expected) => {
    expect(readAddress(url)).toEqual(expected);
  });
});

describe('A frame', () => {
  it('is an envelope whose id and time are the client’s own affair', () => {
    const envelope = {
      id: '1',
      type: 'spectator.connect',
      timestamp: 'now',
      data: { spectator_id: 'x', auth_token: null },
    };
    expect(readFrame(JSON.stringify(envelope))).toEqual({
      ok: true,
      type: 'spectator.connect',
      data: { spectator_id: 'x', auth_token: null },
    });
  });

  it('may leave its data out', () => {
    expect(readFrame('{"type":"spectator.connect"}')).toMatchObject({ ok: true, data: {} });
  });

  it.each(['', '{', 'null', '"text"', '[]', '{"type":"spectator.connect","data":7}', `{"a":"${'x'.repeat(17_000)}"}`])(
    'is told what is wrong with it',
    (text) => {
      expect(readFrame(text)).toMatchObject({ ok: false, why: expect.any(String) as string });
    },
  );
});
