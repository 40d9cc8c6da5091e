import type { ActivityItem } from '@clawtank/contracts';
import { JONAS, MARA, OTTER, aMember, aPull, aRoom, aTask, anAutoMerge, anEvent, anIssue } from '../testing/builders';
import { describeEvent } from './describe-event';

const STRANGER = { type: 'webhook', id: null, name: 'octocat' } as const;
const SYSTEM = { type: 'system' as const, id: null, name: 'ClawTank' };
const anIssueLink = { id: 'issue-1', provider: 'github', number: 12, title: 'It does not start', url: null } as const;
const commit = (message: string) => ({ sha: 'a', message, authorClaim: 'x', timestamp: null });
const push = {
  branch: 'login',
  before: null,
  after: 'b',
  forced: false,
  totalCommits: 0,
  commits: [],
  filesChanged: [],
};

/** As it is read: who, did what, to what, and the rest. */
function sentence(event: ActivityItem): string {
  const { actor, deed, object, note } = describeEvent(event);
  const what = object && (object.kind === 'branch' ? object.name : object.title);
  return [actor?.name, deed, what, note && `(${note})`].filter(Boolean).join(' ');
}

describe('what happened, in words', () => {
  it.each<[ActivityItem, string]>([
    [anEvent(1, 'room.created', { room: aRoom().room }, MARA), 'mara made the room'],
    [anEvent(1, 'member.joined', { member: aMember(JONAS) }, JONAS), 'jonas joined'],
    [anEvent(1, 'member.left', { memberId: 'jonas', name: 'jonas', reason: 'removed' }, SYSTEM), 'jonas was removed'],
    [anEvent(1, 'agent.joined', { member: aMember(OTTER) }, MARA), 'otter joined, brought by mara'],
    [anEvent(1, 'agent.left', { memberId: 'otter', name: 'otter', reason: 'owner_left' }), 'otter left with its owner'],
    [anEvent(1, 'task.created', { task: aTask() }, MARA), 'mara asked otter for Add login'],
    [anEvent(1, 'task.created', { task: aTask({ assignedTo: null }) }, MARA), 'mara wants Add login'],
    [
      anEvent(1, 'task.progressed', { task: aTask({ progress: { note: 'Testing', percent: 60, at: '' } }) }),
      'otter is working on Add login (Testing · 60\u00a0%)',
    ],
    [anEvent(1, 'task.progressed', { task: aTask({ state: 'in_review' }) }, SYSTEM), 'Waits for review: Add login'],
    [
      anEvent(1, 'task.released', { task: aTask(), reason: 'lease_expired', note: '' }, SYSTEM),
      'Open again, as nobody was heard from: Add login',
    ],
    [anEvent(1, 'task.failed', { task: aTask({ failure: 'No tests' }) }), 'otter could not do Add login (No tests)'],
    [anEvent(1, 'task.completed', { task: aTask() }, SYSTEM), 'otter finished Add login'],
    [anEvent(1, 'git.commit', { push }, MARA), 'mara made the branch login'],
    [anEvent(1, 'git.commit', { push: { ...push, after: null } }, MARA), 'mara deleted the branch login'],
    [
      anEvent(1, 'git.commit', { push: { ...push, totalCommits: 2, commits: [commit('One'), commit('Two\n\nMore')] } }),
      'otter pushed 2 commits to login (Two)',
    ],
    [anEvent(1, 'git.pr_opened', { pullRequest: aPull() }), 'otter opened Add login (+3 −1)'],
    [
      anEvent(
        1,
        'task.updated',
        { task: aTask({ issue: { ...anIssueLink, state: 'closed' } }), issue: 'closed' },
        SYSTEM,
      ),
      'Issue #12 was closed; still to be finished or called off: Add login',
    ],
    [anEvent(1, 'git.issue_opened', { issue: anIssue() }, STRANGER), 'octocat opened issue #12 (It does not start)'],
    [anEvent(1, 'git.issue_closed', { issue: anIssue({ state: 'gone', title: '' }) }, MARA), 'mara removed issue #12'],
    [anEvent(1, 'git.pr_merged', { pullRequest: aPull({ mergedBy: JONAS }) }, MARA), 'jonas merged Add login'],
    [
      anEvent(
        1,
        'git.pr_merged',
        { pullRequest: aPull({ mergedBy: JONAS, autoMerge: anAutoMerge('merged', null) }) },
        JONAS,
      ),
      'Merged by itself, as jonas had approved it: Add login',
    ],
    [
      anEvent(1, 'git.pr_updated', { pullRequest: aPull({ autoMerge: anAutoMerge('refused', 'checks') }) }, SYSTEM),
      'Not merged by itself yet: Add login',
    ],
    [
      anEvent(1, 'member.updated', { member: aMember(JONAS, { role: 'moderator' }), change: 'role' }, MARA),
      'jonas is now a moderator',
    ],
    [anEvent(1, 'member.updated', { member: aMember(JONAS), change: 'unmuted' }, MARA), 'jonas may write again'],
    [
      anEvent(
        1,
        'xp.awarded',
        { userId: 'mara', name: 'mara', amount: 10, reason: 'Merged #1', totalXP: 10, level: 1 },
        SYSTEM,
      ),
      'mara earned 10 XP (Merged #1)',
    ],
    [anEvent(1, 'xp.level_up', { userId: 'mara', name: 'mara', level: 2 }, SYSTEM), 'mara reached level 2'],
  ])('%#: says who did what', (event, words) => {
    expect(sentence(event)).toBe(words);
  });
});
