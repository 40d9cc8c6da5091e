import { describe, expect, it } from '@jest/globals';
import { CommandId } from '@clawtank/contracts';
import { replyId, sendingId, toolMessageId } from './said-id.js';

const EVENT = '00000000-0000-4000-8000-00000000000a';

describe('the id of what is said', () => {
  it('is one that the server takes, and the same for the same', () => {
    const made = () => [
      replyId(EVENT, 0),
      sendingId('a queue/id with anything', 2),
      toolMessageId('agent:main', 'call|1'),
    ];
    expect(made()).toEqual(made());
    expect(made().every((id) => CommandId.safeParse(id).success)).toBe(true);
  });

  it('differs wherever something else is said', () => {
    const ids = [
      replyId(EVENT, 0),
      replyId(EVENT, 1),
      sendingId('q1', 0),
      sendingId('q1', 1),
      sendingId('q11', 0),
      toolMessageId('a', 'b1'),
      toolMessageId('a\nb', '1'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
