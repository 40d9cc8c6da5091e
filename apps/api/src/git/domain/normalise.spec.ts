import type { PullRequestFact } from './git-fact.js';
import { normalise, repositoryIdOf } from './normalise.js';

const ZERO = '0'.repeat(40);
const A = 'a'.repeat(40);
const B = 'b'.repeat(40);

const commit = (message: string, files: object = {}) => ({
  id: B,
  message,
  timestamp: '2026-01-02T03:04:05+02:00',
  author: { name: 'Ann', email: 'ann@example.org' },
  added: [],
  modified: [],
  removed: [],
  ...files,
});

const ann = { id: 7, login: 'ann' };

const githubPush = (change: object = {}) => ({
  ref: 'refs/heads/feature/x',
  before: A,
  after: B,
  forced: false,
  commits: [
    commit('One', { added: ['a.ts'], modified: ['b.ts'] }),
    commit('Two', { modified: ['b.ts'], removed: ['c.ts'] }),
  ],
  sender: ann,
  repository: { id: 42 },
  ...change,
});

const githubPullRequest = (action: string, change: object = {}) => ({
  action,
  number: 3,
  repository: { id: 42 },
  sender: ann,
  pull_request: {
    number: 3,
    title: 'A title',
    body: null,
    state: 'open',
    merged: false,
    merge_commit_sha: A,
    user: ann,
    head: { ref: 'x', label: 'ann:x', sha: B, repo: { id: 42 } },
    base: { ref: 'main', label: 'ann:main', repo: { id: 42 } },
    additions: 1,
    deletions: 2,
    commits: 3,
    html_url: 'https://github.com/ann/it/pull/3',
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-02T00:00:00Z',
    ...change,
  },
});

const onlyPullRequest = (facts: ReturnType<typeof normalise>): PullRequestFact => {
  expect(facts).toHaveLength(1);
  return facts[0] as PullRequestFact;
};

describe('GitHub', () => {
  it('reports a push with every file once and its times in UTC', () => {
    expect(normalise('github', 'push', githubPush())).toEqual([
      {
        kind: 'push',
        branch: 'feature/x',
        before: A,
        after: B,
        forced: false,
        totalCommits: 2,
        commits: [
          { sha: B, message: 'One', authorClaim: 'Ann', timestamp: '2026-01-02T01:04:05.000Z' },
          { sha: B, message: 'Two', authorClaim: 'Ann', timestamp: '2026-01-02T01:04:05.000Z' },
        ],
        filesChanged: ['a.ts', 'b.ts', 'c.ts'],
        sender: { id: '7', login: 'ann' },
      },
    ]);
  });

  it('reports a new and a deleted branch with nothing before and after them', () => {
    expect(normalise('github', 'push', githubPush({ before: ZERO }))).toMatchObject([{ before: null, after: B }]);
    expect(normalise('github', 'push', githubPush({ after: ZERO, commits: [] }))).toMatchObject([
      { before: A, after: null },
    ]);
  });

  it.each([
    ['a pushed tag', 'push', githubPush({ ref: 'refs/tags/v1' })],
    ['a label', 'pull_request', githubPullRequest('labeled')],
    ['a star', 'star', { action: 'created' }],
    ['an event that is not invented yet', 'teleport', null],
  ])('has nothing to report of %s', (_what, event, payload) => {
    expect(normalise('github', event, payload)).toEqual([]);
  });

  it.each([
    ['opened', {}, 'opened', null],
    ['reopened', {}, 'opened', null],
    ['synchronize', {}, 'updated', null],
    ['edited', {}, 'updated', null],
    ['ready_for_review', {}, 'updated', null],
    ['closed', { state: 'closed' }, 'closed', null],
    [
      'closed',
      { state: 'closed', merged: true, merged_at: '2026-01-02T00:00:00Z', merged_by: { id: 8, login: 'bob' } },
      'merged',
      A,
    ],
    ['edited', { state: 'closed', merged: true, merged_at: '2026-01-01T12:00:00Z' }, 'merged', A],
  ])('takes “%s” %j as %s', (action, change, what, mergeSha) => {
    const fact = onlyPullRequest(normalise('github', 'pull_request', githubPullRequest(action, change)));
    expect({ what: fact.what, mergeSha: fact.mergeSha }).toEqual({ what, mergeSha });
  });

  it('calls a branch of a fork by its owner too', () => {
    const head = { ref: 'x', label: 'bob:x', sha: B, repo: { id: 43 } };
    expect(onlyPullRequest(normalise('github', 'pull_request', githubPullRequest('opened', { head }))).head).toBe(
      'bob:x',
    );
    expect(onlyPullRequest(normalise('github', 'pull_request', githubPullRequest('opened'))).head).toBe('x');
  });

  it('has a ghost for whoever left, and no link that is not one', () => {
    const fact = onlyPullRequest(
      normalise('github', 'pull_request', githubPullRequest('opened', { user: null, html_url: 'javascript:alert(1)' })),
    );
    expect(fact).toMatchObject({ author: { id: '', login: 'ghost' }, url: null });
  });

  it.each(['yesterday', '+275760-01-01T00:00:00Z'])('is not understood if it happened at %s', (updated_at) => {
    expect(() => normalise('github', 'pull_request', githubPullRequest('opened', { updated_at }))).toThrow(
      'Not a time',
    );
  });

  it('is not understood if what it must have is missing', () => {
    expect(() => normalise('github', 'pull_request', { action: 'opened' })).toThrow();
  });
});

describe('the built-in host', () => {
  const id = '6f0c3e0e-5a0d-4c39-9a3e-0d7a3a4b1c11';
  const taskId = '2b0a7c5e-7c1f-4c64-8a53-94d0b7f2a001';

  it('speaks as GitHub does, and says which pull request and task of ours it is', () => {
    const payload = githubPullRequest('opened', { id, clawtank: { task_id: taskId }, user: { id, login: 'claude' } });
    expect(onlyPullRequest(normalise('clawtank', 'pull_request', payload))).toMatchObject({
      id,
      taskId,
      author: { id, login: 'claude' },
    });
  });

  it('is not believed on a GitHub hook', () => {
    const payload = githubPullRequest('opened', { id, clawtank: { task_id: taskId } });
    expect(onlyPullRequest(normalise('github', 'pull_request', payload))).toMatchObject({ id: null, taskId: null });
  });
});

const gitlabPush = (change: object = {}) => ({
  object_kind: 'push',
  ref: 'refs/heads/main',
  before: A,
  after: B,
  user_id: 4,
  user_name: 'John Smith',
  user_username: 'jsmith',
  project: { id: 15 },
  project_id: 15,
  commits: [commit('One', { added: ['CHANGELOG'] })],
  total_commits_count: 4,
  ...change,
});

const gitlabMergeRequest = (action: string, change: object = {}) => ({
  object_kind: 'merge_request',
  user: { id: 1, name: 'Administrator', username: 'root' },
  project: { id: 15 },
  assignees: [{ id: 51, username: 'user1' }],
  object_attributes: {
    id: 99,
    iid: 1,
    action,
    title: 'MS-Viewport',
    description: null,
    state: 'opened',
    author_id: 51,
    source_branch: 'ms-viewport',
    target_branch: 'main',
    last_commit: { id: B },
    merge_commit_sha: null,
    url: 'http://gitlab.example/diaspora/merge_requests/1',
    created_at: '2026-01-03 17:23:34 UTC',
    updated_at: '2026-01-03T17:23:35Z',
    ...change,
  },
});

describe('GitLab', () => {
  it.each([
    [15, 'ms-viewport'],
    [16, '16:ms-viewport'],
  ])('tells a branch of project %s by its name here: %s', (source_project_id, head) => {
    const payload = gitlabMergeRequest('open', { source_project_id, target_project_id: 15 });
    expect(onlyPullRequest(normalise('gitlab', '', payload)).head).toBe(head);
  });

  it('reports a push with the number of all its commits', () => {
    expect(normalise('gitlab', 'Push Hook', gitlabPush())).toMatchObject([
      {
        kind: 'push',
        branch: 'main',
        totalCommits: 4,
        filesChanged: ['CHANGELOG'],
        sender: { id: '4', login: 'jsmith' },
      },
    ]);
  });

  it.each([
    ['open', 'opened', 'opened'],
    ['reopen', 'opened', 'opened'],
    ['update', 'opened', 'updated'],
    ['close', 'closed', 'closed'],
    ['merge', 'merged', 'merged'],
    ['update', 'merged', 'merged'],
  ])('takes “%s” of one that is %s as %s', (action, state, what) => {
    expect(onlyPullRequest(normalise('gitlab', 'Merge Request Hook', gitlabMergeRequest(action, { state }))).what).toBe(
      what,
    );
  });

  it('says who merged with which commit, and when in UTC', () => {
    const payload = gitlabMergeRequest('merge', { state: 'merged', merge_commit_sha: A });
    expect(onlyPullRequest(normalise('gitlab', 'Merge Request Hook', payload))).toMatchObject({
      mergeSha: A,
      mergedBy: { id: '1', login: 'root' },
      mergedAt: '2026-01-03T17:23:35.000Z',
      createdAt: '2026-01-03T17:23:34.000Z',
    });
  });

  it('names the author if they are among the people of the delivery, and their number otherwise', () => {
    expect(onlyPullRequest(normalise('gitlab', '', gitlabMergeRequest('open'))).author).toEqual({
      id: '51',
      login: 'user1',
    });
    expect(onlyPullRequest(normalise('gitlab', '', gitlabMergeRequest('open', { author_id: 52 }))).author).toEqual({
      id: '52',
      login: 'GitLab user 52',
    });
  });

  it.each([
    ['a pushed tag', { ...gitlabPush(), object_kind: 'tag_push' }],
    ['an approval', gitlabMergeRequest('approved')],
    ['a comment', { object_kind: 'note' }],
  ])('has nothing to report of %s', (_what, payload) => {
    expect(normalise('gitlab', 'Some Hook', payload)).toEqual([]);
  });
});

describe('the repository of a payload', () => {
  it.each([
    ['github', githubPush(), '42'],
    ['clawtank', { repository: { id: 'a-room' } }, 'a-room'],
    ['gitlab', gitlabPush(), '15'],
    ['gitlab', { project_id: 16 }, '16'],
    ['github', gitlabPush(), null],
    ['github', { zen: 'Design for failure.' }, null],
    ['gitlab', null, null],
  ] as const)('%s', (provider, payload, id) => {
    expect(repositoryIdOf(provider, payload)).toBe(id);
  });
});
