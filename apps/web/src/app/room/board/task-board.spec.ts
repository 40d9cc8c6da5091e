import { LiveAnnouncer } from '@angular/cdk/a11y';
import { jest } from '@jest/globals';
import { TestBed } from '@angular/core/testing';
import { OTTER, aMember, aRoom, aTask, anEvent } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { button, freshPage, page, render, update, words } from '../testing/render';
import { TaskBoard } from './task-board';

const HERON = { type: 'agent', id: 'heron', name: 'heron' } as const;

let room: OpenRoom;
let said: string[];

beforeEach(() => {
  freshPage();
  room = new OpenRoom();
  said = [];
  jest.spyOn(TestBed.inject(LiveAnnouncer), 'announce').mockImplementation((text) => {
    said.push(text as string);
    return Promise.resolve();
  });
});

const open = async (changes: Parameters<typeof aRoom>[0] = {}) => {
  await room.open(aRoom({ tasks: [aTask()], ...changes }));
  const fixture = await render(room, TaskBoard);
  document.body.append(page(fixture));
  return fixture;
};
const lane = (fixture: Awaited<ReturnType<typeof open>>, name: string) =>
  page(fixture).querySelector(`ul[aria-label="${name}"]`);
const press = async (fixture: Awaited<ReturnType<typeof open>>, ...keys: string[]) => {
  for (const key of keys) {
    const grip = page(fixture).querySelector('.grip');
    if (key === ' ') {
      (grip as HTMLButtonElement).click(); // as a browser does for Space on a button
    } else {
      grip?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    }
    await update(room, fixture);
  }
};

describe('the task board', () => {
  it('gives a task to another agent, by keyboard, and says each step', async () => {
    const members = [...aRoom().members, aMember(HERON)];
    const fixture = await open({ members });
    await press(fixture, ' ', 'ArrowDown', ' ');
    expect(said.slice(0, 2)).toEqual([
      'Task 1 picked up. Arrow keys move it, Space drops it, Escape leaves it where it was.',
      'Open, for heron. Gives it to this agent.',
    ]);
    expect(room.socket.last('update_task').request).toMatchObject({ taskId: 'task-1', agentId: 'heron' });
  });

  it('says why there is no step, and takes none', async () => {
    const fixture = await open();
    await press(fixture, ' ', 'ArrowRight', ' ');
    expect(said.at(-1)).toBe('Not possible: Agents take up work themselves.');
    expect(words(page(fixture).querySelector('section[aria-label="Working"]'))).toContain(
      'Agents take up work themselves.',
    );
    await press(fixture, 'Escape');
    expect(said.at(-1)).toBe('Task 1 stays where it was.');
    expect(room.socket.all('update_task')).toEqual([]);
  });

  it('keeps whoever is at a card with it when it comes to lie elsewhere', async () => {
    const fixture = await open();
    page(fixture).querySelector<HTMLElement>('.grip')?.focus();
    const task = aTask({ state: 'in_progress', lease: { holder: OTTER } });
    room.hear(anEvent(11, 'task.progressed', { task }));
    await update(room, fixture);
    expect(words(lane(fixture, 'Working'))).toContain('Add login');
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Move task 1, Add login');
  });

  it('brings whoever reviewed back to the card, wherever it has gone meanwhile', async () => {
    const handedIn = aTask({ state: 'in_review', submittedSha: 'a'.repeat(40) });
    const fixture = await open({ tasks: [handedIn] });
    page(fixture).querySelector<HTMLElement>('.grip')?.focus();
    await press(fixture, ' ', 'ArrowRight', 'ArrowRight', ' ');
    const dialog = document.querySelector('[role=dialog]');
    expect(words(dialog?.querySelector('h2'))).toBe('Approve task 1');
    [...(dialog?.querySelectorAll('button') ?? [])].find((one) => words(one) === 'Approve')?.click();
    await update(room, fixture);
    const approved = { ...handedIn, state: 'approved' as const };
    room.hear(anEvent(11, 'task.reviewed', { task: approved }));
    await update(room, fixture);
    room.socket.last('review_task').answer({ ok: true, data: approved });
    await update(room, fixture);
    await update(room, fixture);
    expect(words(lane(fixture, 'Approved'))).toContain('Add login');
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Move task 1, Add login');
  });

  it('offers no moves to whom none is allowed', async () => {
    const fixture = await open({ abilities: ['read'] });
    expect(page(fixture).querySelector('.grip')).toBeNull();
    expect(button(fixture, 'New task')).toBeUndefined();
  });
});
