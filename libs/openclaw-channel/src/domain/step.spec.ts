import { describe, expect, it } from '@jest/globals';
import { RequestApproval } from '@clawtank/contracts';
import { stepOf } from './step.js';

const Step = RequestApproval.pick({ approvalId: true, kind: true, title: true, detail: true });

describe('a step that OpenClaw asks leave for', () => {
  it('shows the whole command, and where it would run', () => {
    const view = { title: 'Exec', commandText: 'npm test\nrm -rf dist', cwd: '/work', warningText: 'Deletes files' };
    expect(stepOf('a1', view)).toEqual({
      ...{ approvalId: 'openclaw:a1', kind: 'execute', title: 'Run npm test' },
      detail: 'npm test\nrm -rf dist\n\nin /work\n\nOpenClaw warns: Deletes files',
    });
  });

  it('is the same whenever the same is asked, and another for another request', () => {
    const view = { title: 'Exec', commandText: 'npm test' };
    expect(stepOf('a1', view)).toEqual(stepOf('a1', view));
    expect(stepOf('a2', view).approvalId).not.toBe(stepOf('a1', view).approvalId);
  });

  it.each([
    { title: 'Let it', description: 'a plugin asks' },
    { title: 'Exec', commandText: `echo ${'x'.repeat(9000)}\u0000\ud800` },
    { title: '', commandText: '' },
    { title: ' ' },
  ])('is one that the server takes: %j', (view) => {
    expect(() => Step.parse(stepOf('plugin:a/b c', view))).not.toThrow();
  });
});
