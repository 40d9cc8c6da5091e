import { namedTasks } from './named-tasks.js';

const OLDER = '3c7e4ad1-5e6b-4ad0-9f0e-111111111111';
const NEWER = '3c7e4ad1-5e6b-4ad0-9f0e-222222222222';

const commits = (...messages: string[]) => ({
  commits: messages.map((message) => ({ sha: 'a'.repeat(40), message, authorClaim: 'A', timestamp: null })),
});

describe('the tasks of a push', () => {
  it('are those that its commits name in a line of their own, newest first and each once', () => {
    const push = commits(
      `Begin\n\nClawTank-Task: ${OLDER}\nClawTank-Agent: x`,
      `Go on\n\nclawtank-task: ${NEWER.toUpperCase()}\r`.trimEnd(),
      `More\n\nClawTank-Task: ${OLDER}`,
    );
    expect(namedTasks(push)).toEqual([OLDER, NEWER]);
  });

  it('are none where a commit only speaks of one, or names something else', () => {
    expect(namedTasks(commits(`See ClawTank-Task: ${OLDER}`, 'ClawTank-Task: 7', 'No trailer'))).toEqual([]);
  });
});
