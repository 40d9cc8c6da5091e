import { beforeEach, describe, expect, it } from '@jest/globals';
import { ProgressDigest } from './progress-digest.js';

const text = (said: string) => ({ type: 'text', text: said });
const think = (said: string) => ({ sessionUpdate: 'agent_thought_chunk', content: text(said) }) as const;
const say = (said: string) => ({ sessionUpdate: 'agent_message_chunk', content: text(said) }) as const;

describe('the digest of what an agent does', () => {
  let digest: ProgressDigest;
  beforeEach(() => {
    digest = new ProgressDigest();
  });

  it('is empty before anything happens', () => {
    expect(digest.note).toBe('');
    expect(digest.percent).toBeUndefined();
  });

  it('names the step of the plan, the tool and the thought', () => {
    digest.take({
      sessionUpdate: 'plan',
      entries: [
        { content: 'Look', status: 'completed' },
        { content: 'Write', status: 'in_progress' },
        { content: 'Test', status: 'pending' },
      ],
    });
    digest.take({ sessionUpdate: 'tool_call', toolCallId: '1', title: 'Edit  a.ts' });
    digest.take(think('First line\nThen '));
    digest.take(think('this'));
    expect(digest.note).toBe('Step 2 of 3: Write · Edit a.ts · Then this');
    expect(digest.percent).toBe(33);
  });

  it('reads the plan from a list of what is to be done where an agent keeps one', () => {
    const todos = [
      { content: 'Look', status: 'completed' },
      { content: 'Write', status: 'in_progress' },
    ];
    digest.take({ sessionUpdate: 'tool_call_update', toolCallId: '1', title: 'todowrite', rawInput: { todos } });
    digest.take({ sessionUpdate: 'tool_call_update', toolCallId: '1', title: '2 todos', status: 'completed' });
    expect(digest.note).toBe('Step 2 of 2: Write');
    digest.take({ sessionUpdate: 'tool_call', toolCallId: '2', title: 'Search', rawInput: { todos: ['Look'] } });
    expect(digest.note).toBe('Step 2 of 2: Write · Search');
  });

  it('knows a tool by its first name, and says when it failed', () => {
    digest.take({ sessionUpdate: 'tool_call', toolCallId: '1', title: 'Run tests' });
    digest.take({ sessionUpdate: 'tool_call_update', toolCallId: '1', status: 'failed' });
    expect(digest.note).toBe('Run tests (failed)');
    digest.take({ sessionUpdate: 'tool_call_update', toolCallId: '2' });
    expect(digest.note).toBe('Using a tool');
  });

  it('forgets a thought once a tool follows from it', () => {
    digest.take(think('I should test'));
    digest.take({ sessionUpdate: 'tool_call', toolCallId: '1', title: 'Run tests' });
    expect(digest.note).toBe('Run tests');
  });

  it('keeps the last words of a turn', () => {
    digest.take(say('From before'));
    digest.beginTurn();
    digest.take(say('I did '));
    digest.take(say('it.'));
    digest.take({ ...say(''), content: { type: 'image' } });
    expect(digest.lastWords).toBe('I did it.');
  });

  it('stays small however much it is told', () => {
    for (let index = 0; index < 1000; index++) {
      digest.take(say('x'.repeat(1000)));
      digest.take({ sessionUpdate: 'tool_call', toolCallId: String(index), title: 'y'.repeat(1000) });
    }
    expect([...digest.note].length).toBeLessThanOrEqual(480);
    expect(digest.lastWords.length).toBeLessThanOrEqual(4000);
  });
});
