import type { Approval, PullRequest } from '@clawtank/contracts';
import type { Page } from 'playwright-core';
import { Inspection, LOOKS } from './inspection.js';
import { FILE, Otter } from './otter.js';
import { Person } from './people.js';
import { picture, Product } from './product.js';

/** Each step builds on the ones before: the story of one task is told once, in order. */
describe('seeing, steering and judging what an agent does', () => {
  let product: Product;
  let mara: Person;
  let jonas: Person;
  let hers: Page;
  let his: Page;
  let otter: Otter;
  let room: string;
  let address: string;
  let taskId: string;
  let refused: Promise<Approval>;

  beforeAll(async () => {
    product = await Product.start();
    mara = await Person.register(product.url, 'mara');
    jonas = await Person.register(product.url, 'jonas');
    room = await mara.makeRoom({ name: 'Harbour', description: 'Signal lights for small ports', visibility: 'public' });
    address = `/rooms/${room}`;
    await jonas.ask('POST', `/api/rooms/${room}/join`, {});
    const { agent, token } = await mara.ask<{ agent: { id: string }; token: string }>('POST', '/api/agents', {
      name: 'otter',
      description: 'Writes small files',
    });
    await mara.ask('POST', `/api/rooms/${room}/agents/${agent.id}`, {});
    otter = await Otter.wake(product.url, room, token);
    [hers, his] = [await product.visitor(), await product.visitor({ theme: 'light' })];
    await mara.signsIn(hers);
    await jonas.signsIn(his);
  });
  afterAll(async () => {
    otter?.sleeps();
    await product?.stop();
  });

  const inspection = new Inspection('work');
  const work = (page: Page) => page.getByRole('complementary', { name: 'Work' });
  const pulls = () => mara.ask<PullRequest[]>('GET', `/api/rooms/${room}/pulls`);

  it('asks for work with a priority and a deadline, and for more that waits for it', async () => {
    await hers.goto(`${address}?work=tasks`);
    await hers.getByRole('button', { name: 'New task' }).click();
    await hers.getByLabel('What should be done?').fill('Write lamps.md: which lamp is red?');
    await hers.getByLabel('Short title').fill('Name the lamps');
    await hers.getByLabel('Who should do it?').selectOption({ label: 'otter' });
    await hers.getByLabel('Priority').selectOption('high');
    await hers.getByLabel('Deadline').fill('2031-03-01T18:00');
    await inspection.look(hers, 'new-task');
    await hers.getByRole('button', { name: 'Ask for it' }).click();
    await work(hers).getByRole('link', { name: 'Name the lamps' }).waitFor();

    await hers.getByRole('button', { name: 'New task' }).click();
    await hers.getByLabel('What should be done?').fill('Translate the manual');
    await hers.locator('summary', { hasText: 'Waits for' }).click();
    await hers.getByRole('checkbox', { name: /Name the lamps/ }).check();
    await hers.getByRole('button', { name: 'Ask for it' }).click();
    await work(hers).getByRole('link', { name: 'Translate the manual' }).click();
    await hers.getByText('Waits for task 1.').waitFor();
    taskId = (await mara.ask<{ id: string; number: number }[]>('GET', `/api/rooms/${room}/tasks`)).find(
      ({ number }) => number === 1,
    )!.id;
  });

  it('asks the owner for leave where she cannot miss it, and tells the others quietly', async () => {
    await otter.claims(taskId);
    await otter.reports('Reading the harbour plan', 20);
    await hers.goto(address);
    await his.goto(address);
    const decided = otter.asks(
      'step-1',
      'execute',
      'Run the tests of the lamps',
      'npm run lamps -- --port \u202E4242 && \\\n  node scripts/check.mjs --all',
    );
    const card = hers.getByRole('article', { name: 'Run the tests of the lamps' });
    await card.getByText('U+202E').waitFor();
    await card.getByText('Runs on mara’s machine, as otter.').waitFor();
    await his.getByText(/otter waits for mara/).waitFor();
    expect(await his.getByRole('button', { name: 'Allow' }).count()).toBe(0);
    await inspection.look(hers, 'approval');
    await picture(his, 'work-approval-of-another');

    await card.getByRole('button', { name: 'Allow' }).dblclick();
    expect((await decided).state).toBe('approved');
    await card.waitFor({ state: 'detached' });
    await hers.locator('ct-composer textarea:focus').waitFor();
  });

  it('refuses with a reason, by keyboard, on the task’s page', async () => {
    refused = otter.asks('step-2', 'network', 'Fetch the tide tables', 'curl https://example.org/tides.csv');
    await hers.getByRole('link', { name: /otter waits for your leave/ }).click();
    const panel = work(hers);
    await panel.getByText('Waits for mara to decide: Fetch the tide tables.').waitFor();
    await inspection.look(hers, 'approval-on-task');
    await panel.getByLabel(/^Reason, for otter/).focus();
    await hers.keyboard.type('We keep them here already');
    await hers.keyboard.press('Tab');
    await hers.keyboard.press('Enter');
    expect(await refused).toMatchObject({ state: 'rejected', note: 'We keep them here already' });
    await panel.getByText('Refused', { exact: true }).waitFor();
  });

  it('shows what was handed in, and lets somebody remark on a line and ask for changes', async () => {
    const commit = await otter.pushes();
    await otter.proposes(taskId);
    await otter.handsIn(commit);
    await his.goto(`${address}?pull=1`);
    await his.getByRole('button', { name: 'Remark on line 3' }).click();
    await his.getByLabel(`Remark on line 3 of ${FILE}`).fill('Which lamp? There are two.');
    await inspection.look(his, 'remark');
    await his.getByLabel(`Remark on line 3 of ${FILE}`).press('Control+Enter');
    await his.getByText('not sent yet').waitFor();
    await his.getByRole('link', { name: 'review of task 1' }).click();
    await his.getByText('In review, handed in').waitFor();
    await his.getByText('12 passed').waitFor();
    await inspection.look(his, 'review');

    await his.getByLabel('Comment').fill('Nearly there.');
    await his.getByRole('button', { name: 'Ask for changes' }).click();
    await work(his)
      .getByText(/jonas asked for changes/)
      .waitFor();
    await inspection.look(his, 'changes-asked', LOOKS.slice(0, 1));
  });

  it('moves cards on the board by keyboard, and only where that is a step', async () => {
    await otter.claims(taskId);
    await otter.handsIn(await otter.pushesAgain());
    await hers.goto(`${address}?work=tasks`);
    await hers.getByRole('link', { name: 'Board', exact: true }).click();
    await hers.waitForURL(/\/board$/);
    await hers.getByRole('region', { name: 'In review' }).getByRole('link', { name: 'Name the lamps' }).waitFor();
    await inspection.look(hers, 'board');

    const grip = hers.getByRole('button', { name: /^Move task 1/ });
    await grip.focus();
    await hers.keyboard.press('Space');
    await hers.keyboard.press('ArrowLeft');
    await hers.getByText('Not possible: Agents take up work themselves.').first().waitFor();
    await inspection.look(hers, 'board-carrying', LOOKS.slice(0, 2));
    await hers.keyboard.press('Space'); // nothing can be dropped there
    await hers.keyboard.press('Escape');
    await hers.locator('.carrying').waitFor({ state: 'detached' });

    await hers.keyboard.press('Space');
    await hers.keyboard.press('ArrowRight');
    await hers.keyboard.press('ArrowRight');
    await hers.keyboard.press('Space');
    await hers.getByRole('dialog', { name: 'Approve task 1' }).getByLabel('Comment').fill('Now it says which.');
    await hers.getByRole('button', { name: 'Approve', exact: true }).click();
    await hers.getByRole('region', { name: 'Approved' }).getByRole('link', { name: 'Name the lamps' }).waitFor();
    await hers.locator('button[aria-label^="Move task 1"]:focus').waitFor();
  });

  it('moves cards on the board by mouse', async () => {
    const card = hers.getByRole('link', { name: 'Translate the manual' });
    const row = hers.getByRole('list', { name: 'Open, otter' });
    const [from, to] = [(await card.boundingBox())!, (await row.boundingBox())!];
    await hers.mouse.move(from.x + 20, from.y + 8);
    await hers.mouse.down();
    await hers.mouse.move(from.x + 40, from.y + 30, { steps: 8 });
    await hers.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 12 });
    await picture(hers, 'work-board-dragging');
    await hers.mouse.up();
    await row.getByRole('link', { name: 'Translate the manual' }).waitFor();
  });

  it('narrows the board in its address, and shows one column at a time on a phone', async () => {
    await hers.getByRole('searchbox', { name: 'Search tasks' }).fill('manual');
    await hers.waitForURL(/text=manual/);
    await hers.getByRole('link', { name: 'Name the lamps' }).waitFor({ state: 'detached' });
    await hers.reload();
    await hers.getByRole('link', { name: 'Translate the manual' }).waitFor();
    await hers.setViewportSize({ width: 360, height: 780 });
    await hers
      .getByRole('navigation', { name: 'Columns' })
      .getByRole('link', { name: /^Approved/ })
      .click();
    await hers.waitForURL(/column=approved/);
    expect(await hers.getByRole('link', { name: 'Translate the manual' }).isVisible()).toBe(false);
    await picture(hers, 'work-board-column-360');
    await hers.setViewportSize({ width: 1440, height: 900 });
  });

  it('moves cards by touch on a phone', async () => {
    const phone = await product.visitor({ width: 360, height: 780, touch: true });
    await mara.signsIn(phone);
    await phone.goto(`${address}/board`);
    await phone.getByRole('button', { name: 'Where task 2 can go' }).tap();
    await picture(phone, 'work-board-menu-360');
    await phone.getByRole('menuitem', { name: 'Open, for whoever claims it' }).tap();
    await phone
      .getByRole('list', { name: 'Open, Whoever claims it' })
      .getByRole('link', { name: 'Translate the manual' })
      .waitFor();
    await phone.context().close();
  });

  it('opens a card beside the board, and changes what it waits for', async () => {
    await hers.goto(`${address}/board`);
    await hers.getByRole('link', { name: 'Translate the manual' }).click();
    const panel = work(hers);
    await panel.getByRole('button', { name: 'Change it' }).click();
    await hers.getByRole('checkbox', { name: /Name the lamps/ }).uncheck();
    await hers.getByRole('button', { name: 'Save' }).click();
    await panel.getByText('Waits for an agent to claim it.').waitFor();
    await inspection.look(hers, 'board-with-task', LOOKS.slice(0, 2));
  });

  it('merges what was approved, and the card is done', async () => {
    const [pull] = await pulls();
    await hers.goto(`${address}/board?pull=${pull?.number}`);
    await hers.getByRole('button', { name: 'Merge', exact: true }).click();
    await hers.getByRole('region', { name: 'Done' }).getByRole('link', { name: 'Name the lamps' }).waitFor();
    await hers.goto(`${address}?task=1`);
    await hers.getByText('Now it says which.').waitFor();
    await inspection.look(hers, 'done', LOOKS.slice(0, 1));
  });

  it('was accessible and in its place all along', () => {
    expect(inspection.wrong).toEqual({});
  });

  it('wrote no error to any console', () => {
    expect(product.consoleErrors).toEqual([]);
  });
});
