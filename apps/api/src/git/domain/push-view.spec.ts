import type { PushFact } from './git-fact.js';
import { presentPush } from './push-view.js';

const aPush = (change: Partial<PushFact> = {}): PushFact => ({
  kind: 'push',
  branch: 'main',
  before: null,
  after: 'a'.repeat(40),
  forced: false,
  totalCommits: 0,
  commits: [],
  filesChanged: [],
  sender: { id: '1', login: 'ann' },
  ...change,
});

describe('a push in the log', () => {
  it('keeps the newest 50 commits and the first 200 files of a large one', () => {
    const commits = Array.from({ length: 120 }, (_, index) => ({
      sha: String(index),
      message: 'm',
      authorClaim: 'Ann',
      timestamp: null,
    }));
    const filesChanged = Array.from({ length: 500 }, (_, index) => `file-${index}`);

    const push = presentPush(aPush({ commits, totalCommits: 120, filesChanged }));

    expect(push.commits.map(({ sha }) => sha)).toEqual(commits.slice(70).map(({ sha }) => sha));
    expect(push.filesChanged).toEqual(filesChanged.slice(0, 200));
    expect(push.totalCommits).toBe(120);
  });

  it('cuts long messages, and never through a character', () => {
    const message = `${'x'.repeat(499)}😀 and more`;
    const [commit] = presentPush(
      aPush({ commits: [{ sha: '1', message, authorClaim: 'Ann', timestamp: null }] }),
    ).commits;
    expect(commit?.message).toBe('x'.repeat(499));
  });
});
