import { type AutoMergeStanding, autoMergeStanding, taskOfPullRequest } from './auto-merge.js';

const HEAD = 'a'.repeat(40);
const OLDER = 'b'.repeat(40);
const BOB = { type: 'human', id: 'bob', name: 'bob' } as const;
const AT = '2026-01-02T03:04:05.000Z';

type Settings = Parameters<typeof autoMergeStanding>[0]['settings'];
type Room = Parameters<typeof autoMergeStanding>[0];
type Pull = Parameters<typeof autoMergeStanding>[1];
type Task = NonNullable<Parameters<typeof autoMergeStanding>[2]>;

const ROOM: Room = {
  archivedAt: null,
  repository: { provider: 'clawtank', repoId: '1', cloneUrl: '/git/1.git', webUrl: null, defaultBranch: 'main' },
  settings: { autoMergeEnabled: true, agentsPaused: false, gitIntegration: true },
};
const PULL: Pull = {
  number: 1,
  state: 'open',
  base: 'main',
  headSha: HEAD,
  mergeability: { state: 'clean', conflicts: [] },
  autoMerge: null,
};
const REVIEW: NonNullable<Task['review']> = {
  verdict: 'approved',
  by: BOB,
  sha: HEAD,
  comment: '',
  remarks: [],
  at: AT,
};
const TASK: Task = { state: 'approved', pullRequest: 1, submittedSha: HEAD, review: REVIEW };
const withSettings = (settings: Partial<Settings>): Room => ({ ...ROOM, settings: { ...ROOM.settings, ...settings } });
const refusedAt = (sha: string): Pull['autoMerge'] => ({
  sha,
  approvedBy: BOB,
  state: 'refused',
  obstacle: 'rules',
  message: 'No',
  at: AT,
});

describe('whether a pull request is merged by itself', () => {
  it.each<[AutoMergeStanding, Room, Partial<Pull>, Task | null]>([
    ['ready', ROOM, {}, TASK],
    ['ready', ROOM, { mergeability: { state: 'unknown', conflicts: [] } }, TASK],
    ['ready', ROOM, { autoMerge: refusedAt(OLDER) }, TASK],
    ['refused', ROOM, { autoMerge: refusedAt(HEAD) }, TASK],
    ['closed', ROOM, { state: 'merged' }, TASK],
    ['off', withSettings({ autoMergeEnabled: false }), {}, TASK],
    ['archived', { ...ROOM, archivedAt: AT }, {}, TASK],
    ['git_off', withSettings({ gitIntegration: false }), {}, TASK],
    ['paused', withSettings({ agentsPaused: true }), {}, TASK],
    ['other_base', ROOM, { base: 'release' }, TASK],
    ['other_base', { ...ROOM, repository: null }, {}, TASK],
    ['no_task', ROOM, {}, null],
    ['superseded', ROOM, { headSha: OLDER }, { ...TASK, pullRequest: 2 }],
    ['superseded', withSettings({ autoMergeEnabled: false }), { headSha: OLDER }, { ...TASK, pullRequest: 2 }],
    ['ready', ROOM, {}, { ...TASK, pullRequest: 2 }],
    ['at_work', ROOM, {}, { ...TASK, state: 'claimed' }],
    ['at_work', ROOM, {}, { ...TASK, state: 'changes_requested' }],
    ['new_commits', ROOM, {}, { ...TASK, submittedSha: OLDER }],
    ['waits_for_approval', ROOM, {}, { ...TASK, state: 'in_review', review: null }],
    ['waits_for_approval', ROOM, {}, { ...TASK, review: { ...REVIEW, sha: OLDER } }],
    ['conflicts', ROOM, { mergeability: { state: 'conflict', conflicts: ['a.md'] } }, TASK],
  ])('%s', (standing, room, pull, task) => {
    expect(autoMergeStanding(room, { ...PULL, ...pull }, task)).toBe(standing);
  });
});

describe('the task of a pull request', () => {
  const tasks = [
    { id: '1', submittedSha: HEAD },
    { id: '2', submittedSha: OLDER },
  ];
  it('is the one it names, else the one whose commit it proposes', () => {
    expect(taskOfPullRequest({ taskId: '2', headSha: HEAD }, tasks)?.id).toBe('2');
    expect(taskOfPullRequest({ taskId: null, headSha: HEAD }, tasks)?.id).toBe('1');
    expect(taskOfPullRequest({ taskId: '3', headSha: HEAD }, tasks)).toBeNull();
  });
});
