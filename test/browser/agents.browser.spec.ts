import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Approval } from '@clawtank/contracts';
import type { Page } from 'playwright-core';
import { Inspection, LOOKS } from './inspection.js';
import { FILE, Otter } from './otter.js';
import { hasFocus, press, tabTo } from './keyboard.js';
import { Person } from './people.js';
import { Product } from './product.js';

const TALL = 1800;

interface AgentMade {
  readonly agent: { readonly id: string };
  readonly token: string;
}

/** Each step builds on the ones before, and touches the pages by keyboard alone. */
describe('having agents, and looking after them', () => {
  let product: Product;
  let mara: Person;
  let jonas: Person;
  let hers: Page;
  let his: Page;
  let otter: Otter;
  let otterId: string;
  let room: string;
  let asked: Promise<Approval>;
  const machine = mkdtempSync(join(tmpdir(), 'clawtank-owner-'));
  const programs: ChildProcess[] = [];

  beforeAll(async () => {
    // The commands are typed in a copy of the repository; here it is one that holds what is built, and nothing else.
    symlinkSync(resolve('dist'), join(machine, 'dist'));
    product = await Product.start();
    [mara, jonas] = [await Person.register(product.url, 'mara'), await Person.register(product.url, 'jonas')];
    [hers, his] = [await product.visitor(), await product.visitor({ theme: 'light' })];
    await mara.signsIn(hers);
    await jonas.signsIn(his);
  });
  afterAll(async () => {
    otter?.sleeps();
    programs.forEach((program) => program.kill('SIGTERM'));
    await product?.stop();
    rmSync(machine, { recursive: true, force: true });
  });

  const inspection = new Inspection('agents');
  const look = (page: Page, name: string, height = TALL): Promise<void> =>
    inspection.look(
      page,
      name,
      LOOKS.map((one) => ({ ...one, height })),
    );

  const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
  async function copied(page: Page, what: string): Promise<string> {
    await press(button(page, `Copy ${what}`));
    return page.evaluate(() => (globalThis as unknown as BrowserWindow).navigator.clipboard.readText());
  }
  /** Types a command into a terminal of the owner's machine. */
  function types(command: string): ChildProcess {
    const folders = [dirname(process.execPath), process.env['PATH']].join(':');
    const program = spawn('sh', ['-c', command], {
      cwd: machine,
      stdio: 'ignore',
      env: { PATH: folders, HOME: machine },
    });
    programs.push(program);
    return program;
  }

  it('goes from no agent to its first task, done by a program that was started with the copied command', async () => {
    await hers.goto('/agents');
    const began = performance.now();
    await press(button(hers, 'Make an agent'));
    await hasFocus(hers.getByLabel('Name', { exact: true }));
    await hers.keyboard.type('crabby');
    await press(hers.getByLabel('What it is good at'));
    await hers.getByRole('heading', { name: 'crabby', level: 1 }).waitFor();
    await press(button(hers, 'Make a private room for it'));
    await hers.getByText('It has a seat in').waitFor();
    await look(hers, 'to-be-started');

    await tabTo(hers.getByRole('radio', { name: /^A coding agent/ }));
    expect(await copied(hers, 'the command that starts the agent')).toMatch(
      /^npx clawtank-bridge join http:\S+\/rooms\/\S+ --token-file crabby\.token .*--agent claude$/,
    );
    await tabTo(hers.getByRole('radio', { name: /^A coding agent/ }));
    await hers.keyboard.press('ArrowDown');
    const [kept] = (await once(types(await copied(hers, 'the command that keeps the token')), 'exit')) as [number];
    expect(kept).toBe(0);
    types(await copied(hers, 'the command that starts the agent'));
    await hers.getByText('crabby is connected', { exact: true }).waitFor({ timeout: 60_000 });
    await press(button(hers, 'Give it this task'));
    await hers.getByText('crabby did its first task').waitFor({ timeout: 60_000 });
    const seconds = (performance.now() - began) / 1000;
    process.stderr.write(`From “Make an agent” to its first task done: ${seconds.toFixed(1)} s\n`);
    await look(hers, 'first-task-done');

    await press(hers.getByRole('link', { name: 'Look at what it did' }));
    await hers.getByText('docs/hello.md').first().waitFor();
  });

  it('shows an agent in a list, how it is, and what it did', async () => {
    await hers.goto('/agents');
    await hers.getByText('connected', { exact: true }).waitFor();
    await press(hers.getByRole('link', { name: 'crabby', exact: true }));
    await hers.getByText('connected, idle', { exact: true }).waitFor();
    const history = hers.getByRole('region', { name: 'What it did' });
    await history
      .getByText(/crabby handed in/)
      .first()
      .waitFor();
    await history.getByText(/crabby claimed/).waitFor();
    await look(hers, 'page');
  });

  it('replaces a token: the program that came with the old one is out', async () => {
    const [program] = programs.slice(-1);
    const ended = program?.exitCode === null ? once(program, 'exit') : null;
    await press(button(hers, 'Replace the token'));
    const dialog = hers.getByRole('alertdialog');
    await press(dialog.getByRole('button', { name: 'Replace the token' }));
    await hers.getByText('Keep the new token now.').waitFor();
    await ended;
    await hers.getByText('not connected', { exact: true }).waitFor();
    await look(hers, 'new-token');
    await press(button(hers, 'I have kept the token'));
    await hers.getByText('Keep the new token now.').waitFor({ state: 'detached' });
  });

  it('lets members watch an agent at its work, live', async () => {
    room = await mara.makeRoom({ name: 'Harbour', description: 'Signal lights', visibility: 'public' });
    await jonas.ask('POST', `/api/rooms/${room}/join`, {});
    const made = await mara.ask<AgentMade>('POST', '/api/agents', { name: 'otter', description: 'Writes small files' });
    otterId = made.agent.id;
    await mara.ask('POST', `/api/rooms/${room}/agents/${otterId}`, {});
    otter = await Otter.wake(product.url, room, made.token);
    const task = (await mara.does('create_task', {
      roomId: room,
      description: 'Write lamps.md: which lamp is red?',
      title: 'Name the lamps',
      agentId: otterId,
    })) as { id: string };
    await otter.claims(task.id);
    await otter.reports('Step 1 of 3: Look around · Read plan.md', 0);

    await his.goto(`/rooms/${room}?work=members`);
    await his.getByText('connected, at work').waitFor();
    await his.getByText(/lease .* left/).waitFor();
    await look(his, 'cards', 900);
    await press(his.getByRole('link', { name: 'otter', exact: true }));
    const panel = his.getByRole('complementary', { name: 'Work' });
    await panel.getByText('Step 1 of 3: Look around', { exact: true }).waitFor();
    await panel.getByText('Nothing of this task is pushed yet.').waitFor();

    await otter.reports('Step 2 of 3: Write the lamps down · Edit lamps.md', 33);
    await panel.getByText('Step 2 of 3: Write the lamps down', { exact: true }).waitFor();
    asked = otter.asks('step-1', 'execute', 'Run the tests of the lamps', 'npm run lamps');
    await panel.getByText(/otter waits for mara/).waitFor();
    await otter.pushes();
    await panel.getByText(/1 commit, 1 file/).waitFor();
    await panel.getByText('The lamp is red.', { exact: true }).waitFor();
    await look(his, 'watch', 1200);
    await otter.pushesAgain();
    await panel.getByText(/2 commits, 1 file/).waitFor();
    await panel.getByText('The lamp on the port side is red.', { exact: true }).waitFor();
    await panel.getByText('Say which lamp').waitFor();
  });

  it('leads from a task to whoever works on it, who can be given leave there', async () => {
    await hers.goto(`/rooms/${room}?task=1`);
    await press(hers.getByRole('link', { name: 'Watch otter work' }));
    const work = hers.getByRole('complementary', { name: 'Work' });
    await work.getByRole('button', { name: 'Allow' }).waitFor();
    await look(hers, 'watch-of-owner', 1200);
    await press(work.getByRole('button', { name: 'Allow' }));
    expect((await asked).state).toBe('approved');
    await work.getByText(FILE).first().waitFor();
  });

  it('shows a stranger nothing of it', async () => {
    const sol = await Person.register(product.url, 'sol');
    const theirs = await product.visitor();
    await sol.signsIn(theirs);
    await theirs.goto(`/rooms/${room}?agent=${otterId}`);
    await theirs
      .getByText(/You have no seat/)
      .first()
      .waitFor();
    expect(await theirs.getByText('Name the lamps').count()).toBe(0);
    for (const path of [
      `rooms/${room}/agents`,
      `rooms/${room}/branches/otter%2Flamps/diff`,
      `agents/${otterId}/overview`,
    ]) {
      await expect(sol.ask('GET', `/api/${path}`)).rejects.toThrow('404');
    }
    await theirs.context().close();
  });

  it('has it rest in one room, and go on', async () => {
    await hers.goto(`/agents/${otterId}`);
    await press(button(hers, 'Have it rest in Harbour'));
    await hers.getByText('rests here').waitFor();
    await his.goto(`/rooms/${room}?work=members`);
    await his.getByText('rests', { exact: true }).first().waitFor();
    await press(button(hers, 'Let it go on in Harbour'));
    await hers.getByText('rests here').waitFor({ state: 'detached' });
  });

  it('sets limits for one room, and shows what was used of them', async () => {
    await press(button(hers, 'Set limits for Harbour'));
    const field = hers.getByLabel('Tasks taken an hour');
    await tabTo(field);
    await hers.keyboard.type('5');
    await tabTo(hers.getByLabel('Which files its work may touch'));
    await hers.keyboard.type('docs/');
    await look(hers, 'limits', 2600);
    await press(button(hers, 'Save the limits'));
    await hers.getByText('yours for this room').waitFor();
    const limits = hers.getByRole('region', { name: 'Limits' });
    await limits.getByText(/of 5/).first().waitFor();
    await limits.getByText('docs/').waitFor();
    await look(hers, 'limits-set', 2600);
  });

  it('tells the room what an agent is held to, and lets its host hold it to more', async () => {
    await hers.goto(`/rooms/${room}?work=members`);
    await press(button(hers, 'More about otter'));
    await hers.getByRole('menuitem', { name: 'Limits…' }).focus();
    await hers.keyboard.press('Enter');
    const dialog = hers.getByRole('dialog', { name: 'Limits of otter' });
    await dialog.getByText(/of 5/).first().waitFor();
    await tabTo(dialog.getByLabel('Tasks held at once'));
    await hers.keyboard.press('ControlOrMeta+a');
    await hers.keyboard.type('2');
    await look(hers, 'limits-in-room', 900);
    await press(dialog.getByRole('button', { name: 'Save the limits' }));
    await dialog.waitFor({ state: 'detached' });
    const held = await mara.ask<{ effective: { parallelTasks: number; messagesPerHour: number } }>(
      'GET',
      `/api/rooms/${room}/agents/${otterId}/limits`,
    );
    expect(held.effective).toMatchObject({ parallelTasks: 2, messagesPerHour: 1000 });
  });

  it('revokes a key: the agent that has no other is out at once', async () => {
    await hers.goto(`/agents/${otterId}`);
    await hers.getByText('connected, idle').or(hers.getByText('connected, busy')).waitFor();
    const out = otter.isCutOff();
    await press(button(hers, /^Revoke the key SHA256/));
    await look(hers, 'revoke-key', 900);
    await press(hers.getByRole('alertdialog').getByRole('button', { name: 'Revoke the key' }));
    await out;
    await hers.getByText('revoked', { exact: true }).waitFor();
    await hers.getByText(/^not connected/).waitFor();
  });

  it('revokes the agent by its name', async () => {
    await press(button(hers, 'Revoke otter'));
    const dialog = hers.getByRole('alertdialog');
    await hasFocus(dialog.getByRole('textbox'));
    await hers.keyboard.type('otter');
    await press(dialog.getByRole('button', { name: 'Revoke otter' }));
    await hers.waitForURL(/\/agents$/);
    expect(await hers.getByRole('link', { name: 'otter', exact: true }).count()).toBe(0);
  });

  it('was accessible and in its place all along', () => {
    expect(inspection.wrong).toEqual({});
  });

  it('wrote no error to any console', () => {
    const refusedRequests = /Failed to load resource: the server responded with a status of 4\d\d/;
    expect(product.consoleErrors.filter((error) => !refusedRequests.test(error))).toEqual([]);
  });
});

interface BrowserWindow {
  readonly navigator: { readonly clipboard: { readText(): Promise<string> } };
}
