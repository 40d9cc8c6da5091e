import { OTTER, aConflict, aRoom, aTask, anEvent } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { freshPage, page, render, update, words } from '../testing/render';
import { TaskFiles } from './task-files';
import { TasksTab } from './tasks-tab';

const HERON = { type: 'agent', id: 'heron', name: 'heron' } as const;

describe('the files of tasks', () => {
  let room: OpenRoom;
  beforeEach(async () => {
    freshPage();
    room = new OpenRoom();
    await room.open(
      aRoom({
        tasks: [
          aTask({ state: 'in_progress', lease: { holder: OTTER }, assignedTo: OTTER }),
          aTask({ id: 'task-2', number: 2, title: 'Find a lamp', state: 'in_review', assignedTo: HERON }),
        ],
        paths: [
          {
            taskId: 'task-1',
            claim: { by: OTTER, paths: ['src/**/*.ts'] },
            changes: { branch: 'otter/work', head: 'a'.repeat(40), paths: ['a.ts', 'src/lamp.ts'], total: 102 },
          },
        ],
        conflicts: [aConflict()],
      }),
    );
  });

  it('are on the task’s page, with the other task that touches them', async () => {
    const element = page(await render(room, TaskFiles, { taskId: 'task-1' }));
    const [met, changed, said] = [...element.querySelectorAll('section')].map((section) => words(section));
    expect(met).toContain('It changes the same files as #2 Find a lamp');
    expect(met).toContain('src/lamp.ts');
    expect(changed).toContain('102');
    expect(changed).toContain('and 100 more that are not listed');
    expect(said).toContain('says otter');
    expect(element.querySelector('a')?.getAttribute('href')).toContain('task=2');
  });

  it('are flagged on both cards, and no longer once that is over', async () => {
    const fixture = await render(room, TasksTab, {});
    const flags = () => [...page(fixture).querySelectorAll('ct-conflict-flag')].map((flag) => words(flag));
    expect(flags().filter(Boolean).sort()).toEqual(['changes the same files as #1', 'changes the same files as #2']);
    room.hear(anEvent(11, 'task.conflict', { conflict: aConflict({ kind: 'unmergeable' }) }));
    await update(room, fixture);
    expect(flags().filter(Boolean).sort()).toEqual(['does not merge with #1', 'does not merge with #2']);
    room.hear(anEvent(12, 'task.conflict_resolved', { tasks: aConflict().tasks }));
    await update(room, fixture);
    expect(flags().filter(Boolean)).toEqual([]);
  });

  it('are listed for the room by the task and the agent that change them now', async () => {
    const fixture = await render(room, TasksTab, {});
    const active = () => words(page(fixture).querySelector('ct-active-files'));
    expect(active()).toContain('otter changes');
    expect(active()).toContain('src/lamp.ts');
    const claim = { by: HERON, paths: ['docs'] };
    room.hear(
      anEvent(11, 'agent.claimed_task', {
        task: aTask({ id: 'task-2', number: 2, title: 'Find a lamp', state: 'claimed', lease: { holder: HERON } }),
        ownerName: 'mara',
      }),
    );
    room.hear(anEvent(12, 'task.paths', { paths: { taskId: 'task-2', claim, changes: null } }));
    await update(room, fixture);
    expect(active()).toContain('#2 Find a lamp');
    expect(active()).toContain('heron will touch');
  });
});
