import type { AgentAtWork, BranchDiff } from '@clawtank/contracts';
import { MARA, OTTER, ROOM_ID, aMember, aRoom, aTask, anApproval, anEvent } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { freshPage, page, render, update, words } from '../testing/render';
import { agentWords } from '../work/agent-words';
import { AgentWatch } from './agent-watch';
import { notesOf, workOf } from './agent-work';

const AT = '2026-11-21T10:00:00.000Z';
const HELD = aTask({ state: 'in_progress', lease: { holder: OTTER }, assignedTo: OTTER, branch: null });
const PUSH = {
  branch: 'otter/lamps',
  before: null,
  after: 'a'.repeat(40),
  forced: false,
  totalCommits: 1,
  commits: [],
  filesChanged: ['lamps.md'],
};

let room: OpenRoom;

beforeEach(() => {
  freshPage();
  room = new OpenRoom();
});

describe('watching an agent', () => {
  const presence = { otter: { status: 'active' as const, lastSeenAt: null } };
  const progressed = (seq: number, note: string, percent: number) =>
    anEvent(seq, 'task.progressed', { task: { ...HELD, progress: { note, percent, at: AT } } }, OTTER);
  const now = (expiresAt: string): AgentAtWork[] => [
    {
      agentId: 'otter',
      lastAcknowledgedAt: new Date().toISOString(),
      held: [{ roomId: ROOM_ID, taskId: HELD.id, taskNumber: 1, title: HELD.title, expiresAt }],
    },
  ];

  async function open() {
    const seq = 20;
    await room.open(aRoom({ seq, presence, tasks: [HELD], activity: [], approvals: [anApproval()] }));
    const fixture = await render(room, AgentWatch, { agentId: 'otter' });
    room.http.expectOne(`/api/rooms/${ROOM_ID}/agents`).flush(now(new Date(Date.now() + 40_000).toISOString()));
    room.http.expectOne(`/api/rooms/${ROOM_ID}/tasks/${HELD.id}`).flush({
      task: HELD,
      contextMessages: [],
      checks: [],
      approvals: [],
      history: [{ at: AT, actor: OTTER, what: 'task.progressed', note: 'Looking for the lamps' }],
    });
    await update(room, fixture);
    return fixture;
  }

  it('tells how it is, what it holds and until when, and what it said before', async () => {
    const fixture = await open();
    expect(words(page(fixture).querySelector('[role=status]'))).toBe('waits for your leave');
    expect(words(page(fixture).querySelector('ct-watched-task'))).toMatch(/lease \d\d s left/);
    expect(words(page(fixture).querySelector('.progress'))).toContain('Looking for the lamps');
    expect(page(fixture).querySelector('ct-approval-card')).not.toBeNull();
  });

  it('follows it live: the newest of its steps, tools and thoughts first', async () => {
    const fixture = await open();
    room.hear(progressed(21, 'Step 2 of 3: Write · Edit lamps.md', 33));
    await update(room, fixture);
    expect([...page(fixture).querySelectorAll('.progress p:not(.when)')].map(words)).toEqual([
      'Step 2 of 3: Write',
      'Edit lamps.md',
    ]);
    expect(words(page(fixture).querySelector('.notes'))).toContain('Looking for the lamps');
  });

  it('shows what it pushed, and reads it again with the next push', async () => {
    const fixture = await open();
    expect(words(page(fixture))).toContain('Nothing of this task is pushed yet.');
    room.hear(anEvent(21, 'git.commit', { push: PUSH }, OTTER));
    await update(room, fixture);
    const address = `/api/rooms/${ROOM_ID}/branches/otter%2Flamps/diff`;
    const commit = { sha: 'a'.repeat(40), message: 'Name the lamps\n\nBoth.', authorClaim: 'otter', timestamp: AT };
    const diff: BranchDiff = { headSha: commit.sha, commits: [commit], totalCommits: 1, files: [], truncated: false };
    room.http.expectOne(address).flush(diff);
    await update(room, fixture);
    expect(words(page(fixture).querySelector('.commits'))).toMatch(/^aaaaaaa\s*Name the lamps/);
    room.hear(anEvent(22, 'git.commit', { push: { ...PUSH, before: PUSH.after, after: 'b'.repeat(40) } }, OTTER));
    await update(room, fixture);
    expect(words(page(fixture).querySelector('.commits'))).toContain('Name the lamps');
    room.http.expectOne(address).flush({ ...diff, totalCommits: 2 });
    await update(room, fixture);
    expect(words(page(fixture))).toContain('2 commits');
  });

  it('says that somebody is no agent of the room', async () => {
    await room.open(aRoom({ presence }));
    const fixture = await render(room, AgentWatch, { agentId: 'mara' });
    expect(words(page(fixture))).toContain('This agent has no seat here');
  });
});

describe('the work of an agent', () => {
  it('is what it holds, and what it was given or handed in and is not finished', () => {
    const tasks = [
      HELD,
      aTask({ id: 'b', state: 'in_review', assignedTo: OTTER, lease: null }),
      aTask({ id: 'c', state: 'done', assignedTo: OTTER, lease: null }),
      aTask({ id: 'd', assignedTo: null, lease: null }),
    ];
    const { held, waiting } = workOf('otter', tasks);
    expect([held, waiting].map((some) => some.map(({ id }) => id))).toEqual([[HELD.id], ['b']]);
  });

  it('takes no note twice, and none of somebody else or of another task', () => {
    const history = [
      { at: AT, actor: OTTER, what: 'task.progressed', note: 'one' },
      { at: AT, actor: MARA, what: 'task.progressed', note: 'hers' },
    ];
    const event = anEvent(
      9,
      'task.progressed',
      { task: { ...HELD, progress: { note: 'one', percent: 1, at: AT } } },
      OTTER,
    );
    const other = anEvent(10, 'task.progressed', { task: aTask({ id: 'other' }) }, OTTER);
    expect(notesOf(HELD.id, history, [{ ...event, timestamp: AT }, other])).toEqual([{ at: AT, parts: ['one'] }]);
  });

  it.each([
    ['not connected', 'offline', true, 'idle', false],
    ['not connected, still holds a task', 'offline', true, 'idle', true],
    ['connected, does not answer', 'active', false, 'idle', true],
    ['connected, reports a problem', 'active', true, 'error', true],
    ['connected, at work', 'active', true, 'idle', true],
    ['connected, idle', 'active', true, 'idle', false],
  ] as const)('is told as “%s”', (told, presence, answers, status, holds) => {
    const agent = { status, currentTask: null, reportedAt: null };
    const seat = { ...aMember(OTTER, { agent }), presence, answers, lastSeenAt: null, ring: 'idle' as const };
    expect(agentWords(seat, holds)).toBe(told);
  });
});
