import { describe, expect, it } from '@jest/globals';
import { updateOf } from './progress.js';

describe('what an item says about progress', () => {
  it('is the tool that is used, and whether it failed', () => {
    expect(updateOf({ kind: 'tool', toolCallId: 'c1', title: 'Write to a.txt', phase: 'start' })).toEqual({
      sessionUpdate: 'tool_call',
      toolCallId: 'c1',
      title: 'Write to a.txt',
    });
    expect(updateOf({ kind: 'command', itemId: 'i1', name: 'exec', status: 'failed' })).toEqual({
      sessionUpdate: 'tool_call',
      toolCallId: 'i1',
      title: 'exec',
      status: 'failed',
    });
  });

  it('is what the agent thinks aloud', () => {
    expect(updateOf({ kind: 'commentary', progressText: 'Now the tests' })).toEqual({
      sessionUpdate: 'agent_thought_chunk',
      content: { type: 'text', text: '\nNow the tests' },
    });
  });

  it.each([{}, { kind: 'lifecycle', title: 'Turn' }, { kind: 'analysis', progressText: ' ' }, { kind: 'tool' }])(
    'is nothing for %j',
    (item) => {
      expect(updateOf(item)).toBeNull();
    },
  );
});
