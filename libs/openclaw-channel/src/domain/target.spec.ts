import { describe, expect, it } from '@jest/globals';
import { formatTarget, parseTarget, type Target, conversationId, conversationOfSession } from './target.js';

const ROOM = '00000000-0000-4000-8000-00000000000a';
const OTHER = '00000000-0000-4000-8000-00000000000b';
const TARGETS: readonly Target[] = [
  { kind: 'room', roomId: ROOM },
  { kind: 'direct', roomId: ROOM, memberId: OTHER },
  { kind: 'task', roomId: ROOM, taskId: OTHER },
];

describe('a target', () => {
  it.each(TARGETS)('reads what it writes: $kind', (target) => {
    const text = formatTarget(target);
    expect(parseTarget(text)).toEqual(target);
    expect(parseTarget(` clawtank:${text.toUpperCase()} `)).toEqual(target);
    const conversation = { target, accountId: 'default' };
    expect(conversationOfSession(`agent:main:clawtank:channel:${text}`)).toEqual(conversation);
    expect(conversationOfSession(`agent:main:clawtank:channel:${text}:thread:7`)).toEqual(conversation);
  });

  it.each(TARGETS)('is told apart by whose conversation it is: $kind', (target) => {
    expect(conversationId(target, 'default')).toBe(formatTarget(target));
    const text = conversationId(target, 'night-shift');
    expect(parseTarget(text)).toEqual(target);
    expect(conversationOfSession(`agent:main:clawtank:channel:${text}`)).toEqual({ target, accountId: 'night-shift' });
  });

  it('takes the id of a room for the room', () => {
    expect(parseTarget(ROOM)).toEqual({ kind: 'room', roomId: ROOM });
  });

  it.each(['', 'room:', 'general', `room:${ROOM}:${OTHER}`, `direct:${ROOM}`, `task:${ROOM}:${OTHER}:more`])(
    'takes %j for none',
    (text) => {
      expect(parseTarget(text)).toBeNull();
    },
  );

  it.each([undefined, '', 'agent:main:main', `agent:main:slack:channel:room:${ROOM}`])(
    'finds none in the session %j',
    (session) => {
      expect(conversationOfSession(session)).toBeNull();
    },
  );
});
