import { Component, inject } from '@angular/core';
import type { ComponentFixture } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { Composer } from '../composer/composer';
import { AskForTask } from '../dialogs/ask-for-task';
import { ROOM_ID, aRoom, aTask, anEvent } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { freshPage, page, render, update, words } from '../testing/render';
import { TaskWords } from './task-words';

/** Far enough off that it stays ahead while the test runs. */
const SAID = 'Fix the login in 3 days, urgent';

jest.setTimeout(30_000);

@Component({ selector: 'ct-asking', providers: [AskForTask], template: '' })
class Asking {
  readonly asking = inject(AskForTask);
}

let room: OpenRoom;

beforeEach(() => {
  freshPage();
  room = new OpenRoom();
});

/** In a dialog as on the page. */
const chips = () => [...document.querySelectorAll<HTMLButtonElement>('.chips button')];
const status = () => words(document.querySelector('ct-word-chips [role=status]'));

/** The words are read by a library that comes when it is needed. */
async function chipsShown(fixture: ComponentFixture<unknown>): Promise<HTMLButtonElement[]> {
  for (let tries = 0; tries < 200 && chips().length === 0; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    await update(room, fixture);
  }
  return chips();
}

function endOfDayIn(days: number): Date {
  const day = new Date();
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, 23, 59);
}

describe('suggestions from plain words', () => {
  async function dialog(task: ReturnType<typeof aTask> | null = null) {
    await room.open(aRoom({ tasks: task ? [task] : [] }));
    const fixture = await render(room, Asking);
    fixture.componentInstance.asking.open(task);
    await update(room, fixture);
    return fixture;
  }

  async function say(fixture: ComponentFixture<unknown>, text: string): Promise<void> {
    const field = document.querySelector('textarea');
    if (!field) {
      throw new Error('No field');
    }
    field.value = text;
    field.dispatchEvent(new Event('input'));
    await update(room, fixture);
  }

  const field = () => document.querySelector<HTMLInputElement>('input[type=datetime-local]')?.value;
  const priority = () =>
    [...document.querySelectorAll('select')].find((one) => /^(?:low|medium|high)$/.test(one.value))?.value;

  it('fill the fields of a new task when they are chosen, not before, and empty them when taken back', async () => {
    const fixture = await dialog();
    await say(fixture, SAID);
    const [deadline, urgency] = await chipsShown(fixture);
    expect(words(deadline)).toMatch(/^Deadline .+: from “in 3 days”$/);
    expect(words(urgency)).toBe('Priority high: from “urgent”');
    expect([field(), priority()]).toEqual(['', 'medium']);
    expect(status()).toContain('Suggested: Priority high, from “urgent”.');

    deadline?.click();
    urgency?.click();
    await update(room, fixture);
    expect(new Date(field() ?? '')).toEqual(endOfDayIn(3));
    expect(priority()).toBe('high');
    expect(chips().map((one) => one.getAttribute('aria-pressed'))).toEqual(['true', 'true']);
    expect(status()).toContain('Priority high is chosen.');

    chips().forEach((one) => one.click());
    await update(room, fixture);
    expect([field(), priority()]).toEqual(['', 'medium']);
  });

  it('leave a field alone that somebody has filled', async () => {
    const fixture = await dialog(
      aTask({
        description: SAID,
        title: 'Fix',
        deadline: '2031-01-01T12:00:00.000Z',
        createdAt: new Date().toISOString(),
      }),
    );
    expect((await chipsShown(fixture)).map(words)).toEqual(['Priority high: from “urgent”']);
  });

  it('go with /task only if they were chosen', async () => {
    await room.open();
    const fixture = await render(room, Composer);
    const box = page(fixture).querySelector('textarea');
    if (!box) {
      throw new Error('No box');
    }
    const type = async (text: string) => {
      box.value = text;
      box.setSelectionRange(text.length, text.length);
      box.dispatchEvent(new Event('input'));
      await update(room, fixture);
    };
    const enter = async () => {
      box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
      await update(room, fixture);
      const asked = room.socket.last('create_task');
      asked.answer({ ok: true, data: aTask() });
      await update(room, fixture);
      return asked.request;
    };
    await type(SAID);
    expect(page(fixture).querySelector('ct-word-chips')).toBeNull();
    await type(`/task ${SAID}`);
    await chipsShown(fixture);
    const plain = await enter();
    expect(plain).toMatchObject({ description: SAID, priority: 'medium' });
    expect(plain).not.toHaveProperty('deadline');

    await type(`/task @otter ${SAID}`);
    (await chipsShown(fixture)).forEach((one) => one.click());
    await update(room, fixture);
    expect(await enter()).toMatchObject({
      agentId: 'otter',
      priority: 'high',
      deadline: endOfDayIn(3).toISOString(),
    });
    await type(`/task ${SAID}`);
    expect(await enter()).toMatchObject({ priority: 'medium' });
  });

  describe('of a task that a mention made', () => {
    const made = aTask({ title: SAID, description: SAID, createdAt: new Date().toISOString() });

    it('change it with one click, and back with another', async () => {
      await room.open(aRoom({ tasks: [made] }));
      const fixture = await render(room, TaskWords, { task: made });
      const [deadline] = await chipsShown(fixture);
      expect(room.socket.all('update_task')).toEqual([]);
      deadline?.click();
      await update(room, fixture);
      const at = endOfDayIn(3).toISOString();
      expect(room.socket.last('update_task').request).toMatchObject({
        roomId: ROOM_ID,
        taskId: made.id,
        deadline: at,
      });
      fixture.componentRef.setInput('task', { ...made, deadline: at });
      await update(room, fixture);
      expect(chips()[0]?.getAttribute('aria-pressed')).toBe('true');
      chips()[0]?.click();
      await update(room, fixture);
      expect(room.socket.last('update_task').request).toMatchObject({ taskId: made.id, deadline: null });
    });

    it('are shown to nobody who may not change it, and to nobody once it is finished', async () => {
      await room.open(aRoom({ tasks: [made], abilities: ['read', 'chat'] }));
      const stranger = await render(room, TaskWords, { task: made });
      expect(page(stranger).querySelector('ct-word-chips')).toBeNull();
      room.hear(anEvent(11, 'task.created', { task: made }));
      const finished = await render(room, TaskWords, { task: { ...made, state: 'done' } });
      expect(page(finished).querySelector('ct-word-chips')).toBeNull();
    });
  });
});
