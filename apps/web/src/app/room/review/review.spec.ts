import { TestBed } from '@angular/core/testing';
import { emptyDevice, patience } from '../../core/outbox/testing/device';
import { JONAS, OTTER, ROOM_ID, aPull, aRoom, aTask, anEvent } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { button, freshPage, page, render, update, words } from '../testing/render';
import { PullDetailView } from '../work/pull-detail';
import { TaskReview } from './task-review';

const SHA = 'a'.repeat(40);
const NEWER = 'b'.repeat(40);
const PATCH = '@@ -1 +1,2 @@\n-old\n+new\n+lamp\n';

const handedIn = aTask({ state: 'in_review', submittedSha: SHA, branch: 'otter/login', pullRequest: 1 });
const refusal = (code: string, message: string) => ({ ok: false, error: { code, message } }) as never;

type Fixture = Parameters<typeof page>[0];
let room: OpenRoom;

beforeEach(() => {
  freshPage();
  room = new OpenRoom();
});

describe('a review', () => {
  const open = async (changes: Parameters<typeof aRoom>[0] = {}) => {
    await room.open(aRoom({ tasks: [handedIn], pullRequests: [aPull({ taskId: handedIn.id })], ...changes }));
    return render(room, TaskReview, { task: handedIn, history: [] });
  };

  it('approves exactly the commit that was looked at', async () => {
    const fixture = await open();
    expect(words(page(fixture))).toContain('Your review is of aaaaaaaaaa, and of no other commit.');
    button(fixture, 'Approve')?.click();
    await update(room, fixture);
    expect(room.socket.last('review_task').request).toMatchObject({ verdict: 'approved', sha: SHA, remarks: [] });
  });

  it('waits until one looks again, if it was handed in again meanwhile', async () => {
    const fixture = await open();
    fixture.componentRef.setInput('task', { ...handedIn, submittedSha: NEWER });
    await update(room, fixture);
    expect(words(page(fixture).querySelector('.moved'))).toContain('handed in again meanwhile, as bbbbbbbbbb');
    expect(button(fixture, 'Approve')?.disabled).toBe(true);
    button(fixture, 'Review that')?.click();
    await update(room, fixture);
    button(fixture, 'Approve')?.click();
    await update(room, fixture);
    expect(room.socket.last('review_task').request).toMatchObject({ sha: NEWER });
  });

  it('asks for no changes without saying which', async () => {
    const fixture = await open();
    button(fixture, 'Ask for changes')?.click();
    await update(room, fixture);
    expect(room.socket.all('review_task')).toEqual([]);
    expect(words(page(fixture))).toContain('Say what should change');
  });

  it('says why it was refused, and keeps the words', async () => {
    const fixture = await open();
    const comment = page(fixture).querySelector('textarea') as HTMLTextAreaElement;
    comment.value = 'Name the lamp';
    comment.dispatchEvent(new Event('input'));
    button(fixture, 'Ask for changes')?.click();
    await update(room, fixture);
    room.socket.last('review_task').answer(refusal('head_moved', 'otter/login holds something newer; look again'));
    await update(room, fixture);
    expect(words(page(fixture).querySelector('ct-form-problem'))).toContain('look again');
    expect(comment.value).toBe('Name the lamp');
  });

  it('is not offered to whom it is not allowed, who sees what was said', async () => {
    await room.open(aRoom({ abilities: ['read'] }));
    const review = {
      ...{ verdict: 'changes_requested' as const, by: JONAS, sha: SHA, comment: 'Name the lamp' },
      remarks: [{ path: 'lamp.md', line: 2, text: 'Which one?' }],
      at: '2026-11-21T12:00:00.000Z',
    };
    const fixture = await render(room, TaskReview, { task: { ...handedIn, review }, history: [] });
    const text = words(page(fixture));
    expect(text).toContain('Changes askedby jonas');
    expect(text).toContain('of aaaaaaaaaa');
    expect(text).toContain('lamp.md:2Which one?');
    expect(button(fixture, 'Approve')).toBeUndefined();
  });

  it('tells that a push took an approval away', async () => {
    await room.open(aRoom());
    const step = { at: '2026-11-21T12:00:00.000Z', what: 'task.reviewed', note: null };
    const system = { type: 'system', id: null, name: 'ClawTank' } as const;
    const history = [
      { ...step, actor: JONAS },
      { ...step, actor: system },
    ];
    const fixture = await render(room, TaskReview, { task: handedIn, history });
    expect(words(page(fixture))).toContain('A push has taken the approval away');
  });
});

describe('a remark on a line of the diff', () => {
  const openPull = async () => {
    await room.open(aRoom({ tasks: [handedIn], pullRequests: [aPull({ taskId: handedIn.id })] }));
    const fixture = await render(room, PullDetailView, { number: 1 });
    const file = { path: 'lamp.md', previousPath: null, status: 'modified', additions: 2, deletions: 1, binary: false };
    room.http
      .expectOne(`/api/rooms/${ROOM_ID}/pulls/1/diff`)
      .flush({ headSha: SHA, files: [{ ...file, patch: PATCH, truncated: false }], truncated: false });
    await update(room, fixture);
    return fixture;
  };

  it('goes with the review of the task', async () => {
    const fixture = await openPull();
    button(fixture, 'Remark on line 2')?.click();
    await update(room, fixture);
    const editor = page(fixture).querySelector('textarea') as HTMLTextAreaElement;
    expect(editor.getAttribute('aria-label')).toBe('Remark on line 2 of lamp.md');
    editor.value = 'Which lamp?';
    editor.dispatchEvent(new Event('input'));
    await update(room, fixture);
    button(fixture, 'Keep the remark')?.click();
    await update(room, fixture);
    expect(words(page(fixture))).toContain('Younot sent yetWhich lamp?');
    expect(words(page(fixture))).toContain('1 remark waits to go with your review of task 1');

    const review = await render(room, TaskReview, { task: handedIn, history: [] });
    button(review, 'Ask for changes')?.click();
    await update(room, review);
    expect(room.socket.last('review_task').request).toMatchObject({
      verdict: 'changes_requested',
      remarks: [{ path: 'lamp.md', line: 2, text: 'Which lamp?' }],
    });
  });

  const write = async (fixture: Fixture, opener: string, text: string) => {
    button(fixture, opener)?.click();
    await update(room, fixture);
    const editor = page(fixture).querySelector('textarea') as HTMLTextAreaElement;
    editor.value = text;
    editor.dispatchEvent(new Event('input'));
    await update(room, fixture);
    return editor;
  };
  /** The page as it is after a reload, on the same device. */
  const reload = async () => {
    await patience();
    TestBed.resetTestingModule();
    room = new OpenRoom();
    const fixture = await openPull();
    await patience();
    await update(room, fixture);
    return fixture;
  };

  it('can be on the whole file', async () => {
    const fixture = await openPull();
    const editor = await write(fixture, 'Remark on the whole file lamp.md', 'Why here?');
    expect(editor.getAttribute('aria-label')).toBe('Remark on the whole file lamp.md');
    button(fixture, 'Keep the remark')?.click();
    await update(room, fixture);
    const review = await render(room, TaskReview, { task: handedIn, history: [] });
    expect(words(page(review))).toContain('lamp.mdWhy here?');
    button(review, 'Ask for changes')?.click();
    await update(room, review);
    expect(room.socket.last('review_task').request).toMatchObject({
      remarks: [{ path: 'lamp.md', line: null, text: 'Why here?' }],
    });
  });

  it('waits through a reload, also while it is being written, until it is sent or taken back', async () => {
    const forget = emptyDevice();
    let fixture = await openPull();
    await write(fixture, 'Remark on line 2', 'Which lamp?');
    button(fixture, 'Keep the remark')?.click();
    await update(room, fixture);
    await write(fixture, 'Remark on the whole file lamp.md', 'Why h');

    fixture = await reload();
    expect(words(page(fixture))).toContain('1 remark waits to go with your review of task 1');
    button(fixture, 'Remark on the whole file lamp.md')?.click();
    await update(room, fixture);
    expect(page(fixture).querySelector('textarea')?.value).toBe('Why h');
    button(fixture, 'Take back the remark on line 2')?.click();
    await update(room, fixture);

    fixture = await reload();
    expect(words(page(fixture))).not.toContain('waits to go with your review');
    forget();
  });

  it('is not offered on a commit that was not handed in', async () => {
    const fixture = await openPull();
    const task = { ...handedIn, submittedSha: NEWER };
    room.hear(anEvent(11, 'task.submitted', { task }, OTTER));
    await update(room, fixture);
    expect(button(fixture, 'Remark on line 2')).toBeUndefined();
  });
});
