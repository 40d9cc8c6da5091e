import { JONAS, MARA, OTTER, ROOM_ID, aPull, aRoom, aTask, anApproval, anEvent } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { button, freshPage, page, render, update, words } from '../testing/render';
import { TaskDetailView } from './task-detail';
import { TasksTab } from './tasks-tab';

let room: OpenRoom;

beforeEach(() => {
  freshPage();
  room = new OpenRoom();
});

describe('the page of a task', () => {
  const handedIn = aTask({
    ...{ state: 'in_review', submittedSha: 'a'.repeat(40), pullRequest: 1 },
    ...{ parentId: 'task-9', dependsOn: ['task-2'] },
  });
  const open = async () => {
    await room.open(
      aRoom({
        tasks: [
          handedIn,
          aTask({ id: 'task-2', number: 2, title: 'Find a lamp', state: 'done' }),
          aTask({ id: 'task-3', number: 3, title: 'Light it', dependsOn: ['task-1'] }),
          aTask({ id: 'task-4', number: 4, title: 'Say which', parentId: 'task-1' }),
          aTask({ id: 'task-9', number: 9, title: 'Build a harbour' }),
        ],
        pullRequests: [aPull({ taskId: 'task-1' })],
        activity: [
          anEvent(8, 'approval.requested', { approval: anApproval() }, OTTER),
          anEvent(9, 'approval.decided', { approval: anApproval({ state: 'rejected', decidedBy: MARA }) }, MARA),
        ],
      }),
    );
    const fixture = await render(room, TaskDetailView, { number: 1 });
    room.http.expectOne(`/api/rooms/${ROOM_ID}/tasks/task-1`).flush({
      task: handedIn,
      contextMessages: [],
      checks: [{ name: 'Tests', command: 'npm test\u202E', passed: true, summary: '12 passed' }],
      history: [{ at: handedIn.updatedAt, actor: OTTER, what: 'task.submitted', note: null }],
    });
    await update(room, fixture);
    return fixture;
  };
  const entry = (element: HTMLElement, name: string) =>
    words(
      [...element.querySelectorAll('dl > div')]
        .find((one) => words(one.querySelector('dt')) === name)
        ?.querySelector('dd'),
    );

  it('tells what it belongs with, what it waits for, and what waits for it', async () => {
    const element = page(await open());
    expect(entry(element, 'Part of')).toContain('#9 Build a harbour');
    expect(entry(element, 'Its parts')).toContain('#4 Say which');
    expect(entry(element, 'Waits for')).toContain('#2 Find a lamp');
    expect(entry(element, 'Waited for by')).toContain('#3 Light it');
  });

  it('shows the commit, the checks it came with, and the leave that was asked for', async () => {
    const element = page(await open());
    expect(words(element.querySelector('.why'))).toContain('In review, handed in');
    expect(entry(element, 'Handed in')).toBe('aaaaaaaaaa');
    expect(words(element.querySelector('ct-task-checks'))).toBe('Tests passednpm testU+202E12 passed');
    expect(words(element.querySelector('ct-decided-approvals'))).toContain('RefusedRun the tests');
  });

  it('asks others for nothing that only its owner can decide', async () => {
    await room.open(
      aRoom({
        tasks: [aTask({ state: 'in_progress', lease: { holder: OTTER } })],
        approvals: [anApproval({ owner: JONAS })],
      }),
    );
    const fixture = await render(room, TaskDetailView, { number: 1 });
    expect(words(page(fixture).querySelector('ct-waiting-approvals'))).toBe('otter waits for jonas: Run the tests');
    expect(button(fixture, 'Allow')).toBeUndefined();
  });
});

describe('the form of a task', () => {
  const field = (name: string) =>
    [...document.querySelectorAll<HTMLSelectElement>('ct-task-dialog label')]
      .find((one) => words(one).startsWith(name))
      ?.querySelector('select, input') as HTMLSelectElement;

  it('names the field that the server refuses', async () => {
    await room.open(aRoom({ tasks: [aTask()] }));
    const fixture = await render(room, TasksTab);
    button(fixture, 'New task')?.click();
    await update(room, fixture);
    const dialog = document.querySelector('ct-task-dialog')!;
    const description = dialog.querySelector('textarea')!;
    description.value = 'Translate the manual';
    description.dispatchEvent(new Event('input'));
    field('Priority').value = 'high';
    field('Priority').dispatchEvent(new Event('input'));
    (dialog.querySelector('ct-tasks-field input') as HTMLInputElement).click();
    await update(room, fixture);
    [...dialog.querySelectorAll('button')].find((one) => words(one) === 'Ask for it')?.click();
    await update(room, fixture);
    const { request, answer } = room.socket.last('create_task');
    expect(request).toMatchObject({ description: 'Translate the manual', priority: 'high', dependsOn: ['task-1'] });

    const message = 'A task is neither a part of itself nor waits for itself';
    answer({ ok: false, error: { code: 'invalid_input', message, errors: [{ path: 'dependsOn', message }] } });
    await update(room, fixture);
    expect(words(dialog.querySelector('ct-tasks-field [role=alert]'))).toBe(`Waits for: ${message}`);
    expect(description.value).toBe('Translate the manual');
  });
});
