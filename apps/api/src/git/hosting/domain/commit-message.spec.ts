import { commitMessage } from './commit-message.js';

const TASK = { key: 'ClawTank-Task', value: '7' };

describe('commitMessage', () => {
  it('puts trailers into a last paragraph of their own', () => {
    expect(commitMessage('Merge\n\nBecause.\n', [TASK, { key: 'ClawTank-Agent', value: 'Otto' }])).toBe(
      'Merge\n\nBecause.\n\nClawTank-Task: 7\nClawTank-Agent: Otto\n',
    );
  });

  it('joins them to trailers that are there, for git reads the last paragraph only', () => {
    expect(commitMessage('Merge\n\nCo-authored-by: Ada <a@b>', [TASK])).toBe(
      'Merge\n\nCo-authored-by: Ada <a@b>\nClawTank-Task: 7\n',
    );
  });

  it('does not take a subject for a trailer', () => {
    expect(commitMessage('fix: the tank', [TASK])).toBe('fix: the tank\n\nClawTank-Task: 7\n');
  });

  it('keeps a value on its line', () => {
    expect(commitMessage('Merge', [{ key: 'ClawTank-Agent', value: 'Otto\nSigned-off-by: Eve' }])).toBe(
      'Merge\n\nClawTank-Agent: Otto Signed-off-by: Eve\n',
    );
  });

  it('leaves a message without trailers alone', () => {
    expect(commitMessage('Merge\0', [])).toBe('Merge\n');
  });
});
