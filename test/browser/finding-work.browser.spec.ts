import type { Task } from '@clawtank/contracts';
import type { Page } from 'playwright-core';
import { eventually } from '../support/people.js';
import { openIssues } from './issues.js';
import { Inspection } from './inspection.js';
import { press, tabTo, type } from './keyboard.js';
import { FILE, Otter } from './otter.js';
import { Person } from './people.js';
import { Product } from './product.js';

/** Each step builds on the ones before, and touches the pages by keyboard alone. */
describe('where work comes from, and how it is merged', () => {
  let product: Product;
  let mara: Person;
  let jonas: Person;
  let hers: Page;
  let his: Page;
  let otter: Otter;
  let harbour: string;
  let lighthouse: string;
  let taskId: string;

  beforeAll(async () => {
    product = await Product.start();
    [mara, jonas] = [await Person.register(product.url, 'mara'), await Person.register(product.url, 'jonas')];
    lighthouse = await mara.makeRoom({ name: 'Lighthouse', visibility: 'public' });
    harbour = await mara.makeRoom({ name: 'Harbour', description: 'Signal lights', visibility: 'public' });
    for (const room of [lighthouse, harbour]) {
      await jonas.ask('POST', `/api/rooms/${room}/join`, {});
    }
    const { agent, token } = await mara.ask<{ agent: { id: string }; token: string }>('POST', '/api/agents', {
      name: 'otter',
      description: 'Writes small files',
    });
    await mara.ask('POST', `/api/rooms/${harbour}/agents/${agent.id}`, {});
    otter = await Otter.wake(product.url, harbour, token);
    await openIssues(mara, lighthouse, [
      { title: 'The lamp does not turn after a power cut', labels: ['bug'] },
      { title: 'Say in the manual how to clean the lens', labels: ['documentation'] },
    ]);
    [hers, his] = [await product.visitor(), await product.visitor({ theme: 'light' })];
    await mara.signsIn(hers);
    await jonas.signsIn(his);
  });
  afterAll(async () => {
    otter?.sleeps();
    await product?.stop();
  });

  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
  const work = (page: Page) => page.getByRole('complementary', { name: 'Work' });
  const tasksOf = (room: string) => mara.ask<Task[]>('GET', `/api/rooms/${room}/tasks`);

  /** Types where the focus has been put. */
  async function writes(page: Page, label: string, text: string): Promise<void> {
    await page.getByLabel(label).and(page.locator(':focus')).waitFor();
    await page.keyboard.insertText(text);
  }
  /** Begins a remark on a line: Tab leads to the first one, arrows to the others. */
  async function pressLine(number: number): Promise<void> {
    await tabTo(button(his, /^Remark on line/).and(his.locator('[tabindex="0"]')));
    const wanted = button(his, `Remark on line ${number}`).and(his.locator(':focus'));
    for (let presses = 1; presses < number; presses += 1) {
      await his.keyboard.press('ArrowDown');
    }
    await wanted.waitFor();
    await his.keyboard.press('Enter');
  }
  const inspection = new Inspection('finding');

  it('makes a task of an issue on the board, which the other sees at once', async () => {
    await his.goto(`/rooms/${lighthouse}/board`);
    await hers.goto(`/rooms/${lighthouse}/board`);
    await press(hers.locator('summary', { hasText: 'From GitHub: 2 open issues' }));
    await press(button(hers, /Make it a task ?: issue 11/));
    await hers.getByRole('link', { name: 'Task 1', exact: true }).waitFor();
    await inspection.look(hers, 'issue-taken');
    await his.getByRole('link', { name: /Issue #11/ }).waitFor();
    expect(await tasksOf(lighthouse)).toMatchObject([{ title: 'Issue #11', createdBy: { name: 'mara' } }]);
  });

  it('makes a task of a message that asks for work, and takes it back as easily', async () => {
    await his.goto(`/rooms/${lighthouse}?work=tasks`);
    await jonas.says(lighthouse, 'could somebody fix the flaky lamp test?');
    await hers.goto(`/rooms/${lighthouse}?work=tasks`);
    await press(button(hers, 'Make this a task?'));
    await hers.getByRole('link', { name: 'Task 2', exact: true }).waitFor();
    await work(his)
      .getByRole('link', { name: /flaky lamp test/ })
      .first()
      .waitFor();
    await press(button(hers, 'Undo'));
    await button(hers, 'Undo').waitFor({ state: 'detached' });
    const states = (await tasksOf(lighthouse)).map(({ number, state }) => [number, state]);
    expect(states).toEqual([
      [1, 'open'],
      [2, 'cancelled'],
    ]);
  });

  it('fills deadline and priority from the words, only where one presses, and takes it back', async () => {
    await press(button(hers, 'New task'));
    await type(hers.getByLabel('What should be done?'), 'Paint the tower by Friday, urgent');
    const chips = hers.getByRole('group', { name: 'Suggested by the words' });
    const urgent = chips.getByRole('button', { name: /from “urgent”/ });
    const friday = chips.getByRole('button', { name: /Friday/ });
    await press(urgent);
    await press(friday, 'Space');
    await eventually(async () => (await hers.getByLabel('Priority').inputValue()) === 'high');
    await eventually(async () => (await hers.getByLabel('Deadline').inputValue()) !== '');
    await hers.keyboard.press('Space');
    await eventually(async () => (await hers.getByLabel('Deadline').inputValue()) === '');
    await inspection.look(hers, 'chips');
    await press(button(hers, 'Ask for it'));
    await work(his)
      .getByRole('link', { name: /Paint the tower/ })
      .first()
      .waitFor();
    const painted = (await tasksOf(lighthouse)).find(({ number }) => number === 3);
    expect(painted).toMatchObject({ priority: 'high', deadline: null });
  });

  it('flags two tasks that may meet on both of them, in both browsers, and leads from one to the other', async () => {
    await mara.does(
      'create_task',
      { roomId: lighthouse, title: 'Turn the lamp', description: 'Turn it', paths: ['src/lamp/motor.ts'] },
      { roomId: lighthouse, title: 'Clean the lens', description: 'Clean it', paths: ['src/lamp/**'] },
    );
    for (const page of [hers, his]) {
      await work(page).getByText('may touch the same files as #5').first().waitFor();
      await work(page).getByText('may touch the same files as #4').first().waitFor();
    }
    await press(
      work(hers)
        .getByRole('link', { name: /Turn the lamp/ })
        .first(),
    );
    await work(hers)
      .getByText(/may touch the same files as/)
      .first()
      .waitFor();
    await inspection.look(hers, 'conflict');
    await press(
      work(hers)
        .getByRole('link', { name: /Clean the lens/ })
        .first(),
    );
    await hers.waitForURL(/task=5/);
  });

  it('holds all agents of a room to limits, where everybody sees them change', async () => {
    await his.goto(`/rooms/${harbour}?settings=agents`);
    await his.getByText('You cannot change this').waitFor();
    await hers.goto(`/rooms/${harbour}?settings=agents`);
    const held = (page: Page) => page.getByLabel('Tasks held at once');
    await type(held(hers), '51');
    await hers.keyboard.press('Enter');
    await hers.getByText(/50/).first().waitFor();
    await held(hers).and(hers.locator(':focus')).waitFor();
    await inspection.look(hers, 'limits-wrong');
    await type(held(hers), '2');
    await press(button(hers, 'Save the limits'));
    await hers.getByText('Every agent of the room is held to it now').waitFor();
    await eventually(async () => (await held(his).inputValue()) === '2');
    expect(await held(his).isDisabled()).toBe(true);
    await inspection.look(his, 'limits-read');
    await press(button(hers, 'Back to the usual limits'));
    await button(hers, 'Back to the usual limits').waitFor({ state: 'detached' });
    expect(await held(hers).inputValue()).toBe('3');
  });

  it('keeps what is remarked on a file through a reload, until it goes with the review', async () => {
    await press(hers.getByRole('navigation', { name: 'Room settings' }).getByRole('link', { name: 'Work' }));
    await press(hers.getByRole('checkbox', { name: /Merge approved work by itself/ }), 'Space');
    await press(button(hers, 'Save changes'));
    await inspection.look(hers, 'setting');
    const task = (await mara.does('create_task', {
      roomId: harbour,
      title: 'Name the lamps',
      description: 'Write lamps.md',
    })) as Task;
    taskId = task.id;
    await otter.claims(taskId);
    const commit = await otter.pushes();
    await otter.proposes(taskId);
    await otter.handsIn(commit);

    await his.goto(`/rooms/${harbour}?pull=1`);
    await work(his).getByText('Merges by itself as soon as somebody approves it.').waitFor();
    await press(button(his, `Remark on the whole file ${FILE}`));
    await writes(his, `Remark on the whole file ${FILE}`, 'Does this belong in the manual?');
    await inspection.look(his, 'whole-file');
    await tabTo(his.getByLabel(`Remark on the whole file ${FILE}`));
    await his.keyboard.press('Control+Enter');
    await his.getByText('not sent yet').waitFor();
    await pressLine(3);
    await writes(his, `Remark on line 3 of ${FILE}`, 'Which lamp');
    await his.reload();
    await his.getByText('1 remark waits to go with your').waitFor();
    await his.getByText('Does this belong in the manual?').waitFor();
    await pressLine(3);
    const editor = his.getByLabel(`Remark on line 3 of ${FILE}`);
    await editor.and(his.locator(':focus')).waitFor();
    expect(await editor.inputValue()).toBe('Which lamp');
    await his.keyboard.press('Escape');
    await press(his.getByRole('link', { name: 'review of task 1' }));
    await work(his).getByText(FILE, { exact: true }).first().waitFor();
  });

  it('says on both pages why it is not merged yet, and merges what is approved, for whoever approved it', async () => {
    await hers.goto(`/rooms/${harbour}?task=1`);
    await work(hers).getByText('Merges by itself as soon as somebody approves it.').waitFor();
    await inspection.look(hers, 'why-not-yet');
    await mara.ask('PUT', `/api/rooms/${harbour}`, { settings: { agentsPaused: true } });
    await press(button(his, 'Approve'));
    await work(hers).getByText('Not merged by itself while all agents of the room rest.').waitFor();
    await inspection.look(hers, 'paused');
    await mara.ask('PUT', `/api/rooms/${harbour}`, { settings: { agentsPaused: false } });
    await work(hers).getByText('Merged by itself, as jonas had approved it.').waitFor();
    await inspection.look(hers, 'merged');
    await his.goto(`/rooms/${harbour}?work=activity`);
    await work(his).getByText('Merged by itself, as jonas had approved it:').first().waitFor();
    await inspection.look(his, 'activity');
    expect(await work(his).getByText('handed in').count()).toBe(1);
    await tabTo(
      work(his)
        .getByRole('link', { name: /Name the lamps/ })
        .first(),
    );
  });

  it('was accessible and in its place all along', () => {
    expect(inspection.wrong).toEqual({});
  });

  it('wrote no error to any console', () => {
    expect(product.consoleErrors).toEqual([]);
  });
});
