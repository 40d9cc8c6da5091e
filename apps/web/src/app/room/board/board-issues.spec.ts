import { OTTER, ROOM_ID, aRoom, aTask, anEvent, anIssue, MARA } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { button, freshPage, page, render, update, words } from '../testing/render';
import { BoardIssues } from './board-issues';

const TAKE = 'Make it a task: issue 12';

let room: OpenRoom;

beforeEach(() => {
  freshPage();
  room = new OpenRoom();
});

describe('the issues beside the board', () => {
  const repository = {
    provider: 'github',
    repoId: '42',
    cloneUrl: 'https://github.com/octo/tank.git',
    defaultBranch: 'main',
  } as const;
  const address = `/api/rooms/${ROOM_ID}/issues`;

  async function show(state: Parameters<typeof aRoom>[0] = {}, listed = [anIssue()]) {
    const snapshot = aRoom(state);
    await room.open({ ...snapshot, room: { ...snapshot.room, repository: { ...repository, webUrl: null } } });
    const fixture = await render(room, BoardIssues);
    room.http.expectOne(address).flush(listed);
    await update(room, fixture);
    return fixture;
  }

  it('are counted, lead to their provider, and show their words as words', async () => {
    const fixture = await show({}, [anIssue({ title: '<b>It</b> does not start', labels: ['bug'] })]);
    expect(words(page(fixture).querySelector('summary'))).toBe('From GitHub: 1 open issue');
    const link = page(fixture).querySelector<HTMLAnchorElement>('.what a');
    expect([link?.href, link?.rel]).toEqual(['https://github.com/octo/tank/issues/12', 'noopener noreferrer nofollow']);
    expect(words(link)).toBe('#12 <b>It</b> does not start');
  });

  it('become a task for the agent that was chosen, with one click', async () => {
    const fixture = await show();
    const who = page(fixture).querySelector('select');
    expect(who?.getAttribute('aria-label')).toBe('Who does issue 12');
    who!.value = OTTER.id ?? '';
    button(fixture, TAKE)?.click();
    await update(room, fixture);
    const asked = room.socket.last('take_issue');
    expect(asked.request).toMatchObject({ roomId: ROOM_ID, issueId: 'issue-1', agentId: 'otter' });
    asked.answer({ ok: true, data: anIssue() });
    const issue = {
      id: 'issue-1',
      provider: 'github',
      number: 12,
      title: 'It does not start',
      url: null,
      state: 'open',
    } as const;
    room.hear(anEvent(11, 'task.created', { task: aTask({ number: 7, issue }) }, MARA));
    await update(room, fixture);
    expect(button(fixture, TAKE)).toBeUndefined();
    expect(words(page(fixture).querySelector('.task'))).toBe('Task 7');
  });

  it('are read again when one of them changes, and say why one became no task', async () => {
    const fixture = await show();
    button(fixture, TAKE)?.click();
    await update(room, fixture);
    room.socket.last('take_issue').answer({ ok: false, error: { code: 'issue_not_open', message: 'It is closed' } });
    await update(room, fixture);
    expect(words(page(fixture).querySelector('[role=alert]'))).toContain('It is closed');
    room.hear(anEvent(11, 'git.issue_closed', { issue: anIssue({ state: 'closed' }) }, MARA));
    await update(room, fixture);
    room.http.expectOne(address).flush([]);
    await update(room, fixture);
    expect(page(fixture).querySelector('details')).toBeNull();
  });

  it('are not for the taking by whoever may not make tasks', async () => {
    expect(button(await show({ abilities: ['read', 'chat'] }), TAKE)).toBeUndefined();
  });

  it('are not asked for in a room whose repository is here', async () => {
    await room.open(aRoom());
    await render(room, BoardIssues);
    room.http.expectNone(address);
  });
});
