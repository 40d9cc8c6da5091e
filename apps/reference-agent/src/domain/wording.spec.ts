import { describe, expect, it } from '@jest/globals';
import type { Edit } from './instructions.js';
import { branchName, commitMessage, subject } from './wording.js';

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

describe('commitMessage', () => {
  it('ends in the trailers, and a title cannot add one', () => {
    const message = commitMessage(
      [created],
      { number: 7, title: 'Hello\n\nSigned-off-by: Ada <ada@x>', id: 't1' },
      'a1',
    );
    expect(message).toBe(
      'Create docs/hello.md\n\nTask 7: Hello Signed-off-by: Ada <ada@x>\n\n' +
        'ClawTank-Task: t1\nClawTank-Agent: a1\nAssisted-by: clawtank-reference-agent',
    );
  });
});
