import { describe, expect, it } from '@jest/globals';
import { assistant, branchName, commitMessage, workDescription } from './wording.js';

const TASK = { number: 7, title: 'Say  hello\n\nSigned-off-by: Ada <ada@x>' };
const CHECK = { command: 'npm `test`', passed: true, outcome: 'passed in 1.0 s', output: 'ok' };

describe('wording', () => {
  it('names the branch after the task and the agent', () => {
    expect(branchName(TASK, { name: 'crusty' })).toBe('clawtank/7-crusty');
  });

  it('keeps a title from adding a line to the commit', () => {
    expect(commitMessage(TASK)).toBe('Say hello Signed-off-by: Ada <ada@x>\n\nTask 7');
  });

  it('tells a reviewer what the agent said and which checks were run', () => {
    expect(workDescription(TASK, ' Done. ', [CHECK])).toBe(
      "Done.\n\nChecks:\n- `npm 'test'`: passed in 1.0 s\n\nTask 7: Say hello Signed-off-by: Ada <ada@x>",
    );
    expect(workDescription(TASK, '', [])).toMatch(/^The agent gave no summary\.\n\nNo checks were configured\./);
  });

  it('stays within the limit of the wire, however much was said and checked', () => {
    const checks = Array.from({ length: 50 }, () => CHECK);
    expect([...workDescription(TASK, '😀'.repeat(9000), checks)].length).toBeLessThanOrEqual(4000);
  });

  it('names the program that helped', () => {
    expect(assistant({ name: 'codex', version: '1.2' })).toBe('codex:1.2');
    expect(assistant({ name: 'codex\nX: y', version: '' })).toBe('codex X: y');
  });
});
