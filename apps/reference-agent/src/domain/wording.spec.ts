import { describe, expect, it } from '@jest/globals';
import type { Edit } from './instructions.js';
import { branchName, commitWords, subject } from './wording.js';

const created: Edit = { kind: 'create', file: 'docs/hello.md', text: 'Hello' };

describe('branchName', () => {
  it.each([
    ['create docs/hello.md with Hello', 'agent/crusty/task-7-create-docs-hello-md-with-hello'],
    ['@crusty Café, olé!', 'agent/crusty/task-7-cafe-ole'],
    ['文', 'agent/crusty/task-7'],
    ['x'.repeat(100), `agent/crusty/task-7-${'x'.repeat(40)}`],
  ])('of %j is %j', (title, branch) => {
    expect(branchName('crusty', { number: 7, title })).toBe(branch);
  });
});

describe('subject', () => {
  it('names the only edit', () => expect(subject([created])).toBe('Create docs/hello.md'));
  it('counts the others', () => {
    expect(subject([created, created])).toBe('Create docs/hello.md and 1 more change');
    expect(subject([created, created, created])).toBe('Create docs/hello.md and 2 more changes');
  });
  it('fits into a line', () => {
    const long = subject([{ ...created, file: 'x'.repeat(200) }, created]);
    expect(long).toHaveLength(72);
    expect(long).toMatch(/… and 1 more change$/);
  });
});

describe('commitWords', () => {
  it('name the task and the agent in trailers, and a title cannot add one', () => {
    const task = { number: 7, title: 'Hello\n\nSigned-off-by: Ada <ada@x>', id: 't1' };
    expect(commitWords([created], task, { agentId: 'a1' })).toEqual({
      message: 'Create docs/hello.md\n\nTask 7: Hello Signed-off-by: Ada <ada@x>',
      trailers: { 'ClawTank-Task': 't1', 'ClawTank-Agent': 'a1', 'Assisted-by': 'clawtank-reference-agent' },
    });
  });
});
