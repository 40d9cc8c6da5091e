import { ROOM_ID, aPull, aRoom, aTask } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { button, freshPage, page, render, update, words } from '../testing/render';
import { PullDetailView } from './pull-detail';
import { TasksTab } from './tasks-tab';

let room: OpenRoom;

beforeEach(() => {
  freshPage();
  room = new OpenRoom();
});

describe('the work', () => {
  it('lists tasks by how far they are, and offers a new one only to whom it is allowed', async () => {
    await room.open(
      aRoom({
        tasks: [
          aTask({ id: 'a', number: 1, title: 'Old', state: 'done' }),
          aTask({
            id: 'b',
            number: 2,
            title: 'Now',
            state: 'in_progress',
            progress: { note: 'Half', percent: 50, at: '2026-11-21T12:00:00.000Z' },
          }),
        ],
        abilities: ['read'],
      }),
    );
    const fixture = await render(room, TasksTab);
    expect([...page(fixture).querySelectorAll('section')].map((one) => one.getAttribute('aria-label'))).toEqual([
      'At work',
      'Finished',
    ]);
    expect(page(fixture).querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')).toBe('50');
    expect(button(fixture, 'New task')).toBeUndefined();
  });

  it('merges exactly the commit that was looked at, and says why if that is refused', async () => {
    await room.open(aRoom({ pullRequests: [aPull()] }));
    const fixture = await render(room, PullDetailView, { number: 1 });
    room.http
      .expectOne(`/api/rooms/${ROOM_ID}/pulls/1/diff`)
      .flush({ headSha: 'a'.repeat(40), files: [], truncated: false });
    await update(room, fixture);
    expect(words(page(fixture))).toContain('Merges cleanly into main.');
    button(fixture, 'Merge')?.click();
    const request = room.http.expectOne(`/api/rooms/${ROOM_ID}/pulls/1/merge`);
    expect(request.request.body).toEqual({ headSha: 'a'.repeat(40) });
    request.flush(
      { type: 'about:blank', title: 'No', status: 409, code: 'head_moved', detail: 'otter/login has newer commits.' },
      { status: 409, statusText: 'Conflict' },
    );
    await update(room, fixture);
    expect(words(page(fixture).querySelector('[role=alert]'))).toBe('Not done. otter/login has newer commits.');
  });

  it('names the conflicts and does not offer a merge that git would refuse', async () => {
    await room.open(
      aRoom({ pullRequests: [aPull({ mergeability: { state: 'conflict', conflicts: ['docs/hello.md'] } })] }),
    );
    const fixture = await render(room, PullDetailView, { number: 1 });
    expect(words(page(fixture))).toContain('Conflicts with main in docs/hello.md');
    expect(button(fixture, 'Merge')?.disabled).toBe(true);
  });

  it('does not offer merging to whom it is not allowed', async () => {
    await room.open(aRoom({ pullRequests: [aPull()], abilities: ['read', 'chat'] }));
    const fixture = await render(room, PullDetailView, { number: 1 });
    expect(button(fixture, 'Merge')).toBeUndefined();
    expect(button(fixture, 'Close')).toBeUndefined();
  });
});
