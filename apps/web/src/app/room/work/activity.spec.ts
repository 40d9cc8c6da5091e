import type { ActivityItem } from '@clawtank/contracts';
import { JONAS, MARA, ROOM_ID, aMember, aPull, aRoom, aTask, anEvent } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { button, freshPage, page, render, update, words } from '../testing/render';
import { ActivityTab } from './activity-tab';
import { type WorkPlace, workPlace } from './work-place';

const JOINED = anEvent(3, 'member.joined', { member: aMember(JONAS) }, JONAS);
const OPENED = anEvent(7, 'git.pr_opened', { pullRequest: aPull() }, MARA);
const full = (length: number): ActivityItem[] =>
  Array.from({ length }, (_, index) => anEvent(101 + index, 'git.pr_opened', { pullRequest: aPull() }, MARA));

let room: OpenRoom;

beforeEach(() => {
  freshPage();
  HTMLElement.prototype.scrollIntoView ??= () => undefined;
  room = new OpenRoom();
});

const at = (query: Record<string, string> = {}): { place: WorkPlace } => ({
  place: workPlace({ work: 'activity', ...query }),
});
const lines = (fixture: Parameters<typeof page>[0]) =>
  [...page(fixture).querySelectorAll('ct-event-sentence')].map((one) => words(one));
const requestTo = (query: string) => room.http.expectOne(`/api/rooms/${ROOM_ID}/activity?${query}`);

describe('the activity', () => {
  it('begins with what the room knows, newest first, without asking', async () => {
    await room.open(aRoom({ activity: [JOINED, OPENED] }));
    const fixture = await render(room, ActivityTab, at());
    expect(lines(fixture)).toEqual([expect.stringContaining('opened'), 'jonas joined']);
    expect(button(fixture, 'Show older')).toBeUndefined();
  });

  it('shows only the kind that the address names, and what happens of it from then on', async () => {
    await room.open(aRoom({ activity: [JOINED, OPENED] }));
    const fixture = await render(room, ActivityTab, at({ kind: 'people' }));
    expect(lines(fixture)).toEqual(['jonas joined']);
    room.hear(anEvent(11, 'git.pr_closed', { pullRequest: aPull() }, MARA));
    room.hear(anEvent(12, 'member.left', { memberId: 'jonas', name: 'jonas', reason: 'left' }, JONAS));
    await update(room, fixture);
    expect(lines(fixture)).toEqual(['jonas left', 'jonas joined']);
  });

  it('reads further back through the same filter', async () => {
    await room.open(aRoom({ seq: 150, activity: full(50) }));
    const fixture = await render(room, ActivityTab, at({ kind: 'people' }));
    button(fixture, 'Show older')?.click();
    requestTo('limit=50&before=101&kind=people').flush({ activity: [JOINED], hasMore: false, hasNewer: true });
    await update(room, fixture);
    expect(lines(fixture)).toEqual(['jonas joined']);
    expect(button(fixture, 'Show older')).toBeUndefined();
  });

  it('lands on the entry that a link leads to, far in the past, and goes on in both directions', async () => {
    await room.open(aRoom({ seq: 150, activity: full(50) }));
    const fixture = await render(room, ActivityTab, at({ at: '3' }));
    requestTo('limit=50&around=3').flush({ activity: [JOINED, OPENED], hasMore: false, hasNewer: true });
    await update(room, fixture);
    expect(words(page(fixture).querySelector('.linked'))).toContain('jonas joined');
    room.hear(anEvent(151, 'member.left', { memberId: 'jonas', name: 'jonas', reason: 'left' }, JONAS));
    await update(room, fixture);
    expect(lines(fixture)).toHaveLength(2); // what is new lies beyond what was not read yet
    button(fixture, 'Show newer')?.click();
    requestTo('limit=50&after=7').flush({ activity: full(2), hasMore: true, hasNewer: false });
    await update(room, fixture);
    expect(lines(fixture)).toHaveLength(4);
    expect(button(fixture, 'Show newer')).toBeUndefined();
  });

  it('says what went wrong, and tries again when asked', async () => {
    await room.open(aRoom({ seq: 150, activity: full(50) }));
    const fixture = await render(room, ActivityTab, at());
    button(fixture, 'Show older')?.click();
    requestTo('limit=50&before=101').error(new ProgressEvent('error'));
    await update(room, fixture);
    expect(words(page(fixture).querySelector('[role=alert]'))).toContain('Check your connection');
    button(fixture, 'Try again')?.click();
    requestTo('limit=50&before=101').flush({ activity: [JOINED], hasMore: false, hasNewer: true });
    await update(room, fixture);
    expect(lines(fixture)).toHaveLength(51);
  });

  it('folds an agent’s reports, and unfolds them', async () => {
    const task = aTask();
    await room.open(
      aRoom({ activity: [anEvent(4, 'task.progressed', { task }), anEvent(5, 'task.progressed', { task })] }),
    );
    const fixture = await render(room, ActivityTab, at());
    expect(lines(fixture)).toHaveLength(1);
    button(fixture, 'Show 1 earlier')?.click();
    await update(room, fixture);
    expect(lines(fixture)).toHaveLength(2);
  });
});
