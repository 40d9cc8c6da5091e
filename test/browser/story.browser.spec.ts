import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync, mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { picture, Product, type Theme } from './product.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: string[];
}

/** What axe finds wrong on the page as it is now, if it is serious. */
async function seriousFindings(page: Page): Promise<Finding[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html }) => html.slice(0, 160)) }));
  });
}

/** Each step is somebody's, and builds on the ones before: the story is told once, in order. */
describe('the story of a room, in the browser', () => {
  let product: Product;
  let ada: Page;
  let lin: Page;
  let stranger: Page;
  let roomAddress: string;
  let invitation: string;
  let token: string;
  let agent: ChildProcess | undefined;
  const workFolder = mkdtempSync(join(tmpdir(), 'clawtank-story-agent-'));

  beforeAll(async () => {
    product = await Product.start();
    [ada, lin, stranger] = [
      await product.visitor(),
      await product.visitor({ theme: 'light' }),
      await product.visitor(),
    ];
  });
  afterAll(async () => {
    agent?.kill('SIGTERM');
    await product?.stop();
    rmSync(workFolder, { recursive: true, force: true });
  });

  const register = async (page: Page, name: string, address: string, deed: RegExp) => {
    await page.goto(address);
    await page.getByLabel('User name').fill(name);
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await picture(page, `register-${name}`);
    await page.getByRole('button', { name: deed }).click();
  };

  const say = async (page: Page, text: string) => {
    await page.getByRole('textbox', { name: /^Message / }).fill(text);
    await page.keyboard.press('Escape'); // the list of people to mention
    await page.getByRole('button', { name: 'Send' }).click();
  };

  it('makes the administrator by the one-time link, which works only once', async () => {
    await register(ada, 'ada', product.setupLink, /account|administrator|set up/i);
    await ada.waitForURL((url) => url.pathname === '/');
    await stranger.goto(product.setupLink);
    await stranger
      .getByText(/already|no longer|used/i)
      .first()
      .waitFor();
  });

  it('makes a room and an invitation link', async () => {
    await ada.goto('/rooms/new');
    await ada.getByLabel(/^Name/).fill('Tide tables');
    await ada.getByLabel('Purpose').fill('A small library that knows when the water comes.');
    await ada.getByRole('radio', { name: /public/i }).check();
    await picture(ada, 'new-room');
    await ada.getByRole('button', { name: 'Make the room' }).click();
    await ada.waitForURL(/\/rooms\/[0-9a-f-]{36}/);
    roomAddress = new URL(ada.url()).pathname;
    await ada.getByRole('heading', { name: /Tide tables/ }).waitFor();
    await picture(ada, 'room-empty');

    await ada.getByRole('button', { name: 'Invite people' }).click();
    await ada.getByRole('button', { name: 'Make the link' }).click();
    const link = ada.getByText(/\/join\/[\w-]{20,}/).first();
    await link.waitFor();
    invitation = /https?:\/\/\S+\/join\/[\w-]+/.exec((await link.textContent()) ?? '')?.[0] ?? '';
    await ada.getByRole('button', { name: 'Done' }).click();
    expect(invitation).not.toBe('');
  });

  it('lets somebody join from another browser, and both talk', async () => {
    await register(lin, 'lin', '/register', /create the account/i);
    await lin.waitForURL((url) => url.pathname === '/');
    await lin.goto(new URL(invitation).pathname);
    await lin.getByText('Tide tables').first().waitFor();
    await picture(lin, 'invitation');
    await lin.getByRole('button', { name: /join|accept|take a seat/i }).click();
    await lin.waitForURL(/\/rooms\//);

    await say(ada, 'Welcome, lin!');
    await lin.getByRole('log').getByText('Welcome, lin!').waitFor();
    await say(lin, 'Good to be here.');
    await ada.getByRole('log').getByText('Good to be here.').waitFor();
  });

  it('makes an agent, whose token is shown once, and gives it a seat', async () => {
    await ada.goto('/agents');
    await ada.getByRole('button', { name: 'Make an agent' }).click();
    await ada.getByLabel('Name', { exact: true }).fill('crabby');
    await ada.getByRole('button', { name: 'Make the agent' }).click();
    const shown = ada.getByText(/^cta_[\w-]{40,}$/).first();
    await shown.waitFor();
    token = ((await shown.textContent()) ?? '').trim();
    await picture(ada, 'agent-made');
    await ada.getByRole('button', { name: /kept the token/i }).click();
    expect(token).toMatch(/^cta_\S{40,}$/);

    agent = spawn(process.execPath, ['dist/api/apps/reference-agent/src/main.js'], {
      stdio: 'ignore',
      env: {
        PATH: process.env['PATH'],
        HOME: workFolder,
        CLAWTANK_URL: product.url,
        CLAWTANK_TOKEN: token,
        CLAWTANK_WORK_FOLDER: workFolder,
      },
    });
    await ada.goto(`${roomAddress}?work=members`);
    await ada
      .getByRole('button', { name: /bring an agent/i })
      .first()
      .click();
    await ada.getByRole('button', { name: 'Bring crabby' }).click();
    await ada.getByText('sits here', { exact: true }).waitFor();
    await ada.getByRole('button', { name: 'Done' }).click();
    await picture(ada, 'room-members');
  });

  it('shows an anonymous stranger the public part live', async () => {
    await stranger.goto(roomAddress.replace('/rooms/', '/spectate/'));
    await stranger.getByRole('heading', { name: 'Tide tables' }).waitFor();
    await stranger.getByText('Good to be here.', { exact: true }).waitFor();
    await ada.goto(roomAddress);
    await ada.getByLabel(/1 watching/).waitFor();
  });

  it('turns a sentence into a task, a branch and a pull request, before everybody’s eyes', async () => {
    await say(ada, '@crabby create docs/hello.md with Hello');
    await lin
      .getByText(/Create docs\/hello\.md/)
      .first()
      .waitFor();
    await lin.getByRole('link', { name: /waits for a merge/ }).click();
    await lin.getByText('Merges cleanly into main.').waitFor();
    await lin.getByText('docs/hello.md').first().waitFor();
    await picture(lin, 'room-pull-request');
    await picture(ada, 'room-working');
  });

  it('merges by a person’s hand, completes the task and awards XP', async () => {
    await lin.getByRole('button', { name: 'Merge' }).click();
    await lin.getByText('Merged', { exact: true }).first().waitFor();
    await ada.getByRole('log').getByText(/10 XP/).first().waitFor();
    await stranger
      .getByText(/merged/i)
      .first()
      .waitFor();
    await picture(stranger, 'spectate');
    await picture(ada, 'room-merged');
  });

  it('shows the ledger entry with its evidence in the profile', async () => {
    await ada.getByRole('button', { name: /Your account/ }).click();
    await ada.getByRole('link', { name: 'Your profile' }).click();
    await ada.getByRole('heading', { name: /ada/ }).waitFor();
    await ada
      .getByText(/Create docs\/hello\.md/)
      .first()
      .waitFor();
    await ada.getByText(/10 XP/).first().waitFor();
    await picture(ada, 'profile');
  });

  it('keeps what was written while the connection was away, and sends it once', async () => {
    await lin.goto(roomAddress);
    await lin.getByRole('log').getByText('Good to be here.').waitFor();
    await lin.context().setOffline(true);
    await say(lin, 'written in a tunnel');
    await say(ada, 'meanwhile, above ground').catch(() => undefined);
    await lin.context().setOffline(false);
    await ada.goto(roomAddress);
    await ada.getByRole('log').getByText('written in a tunnel').waitFor({ timeout: 60_000 });
    expect(await ada.getByRole('log').getByText('written in a tunnel').count()).toBe(1);
    expect(await lin.getByRole('log').getByText('written in a tunnel').count()).toBe(1);
    product.consoleErrors.splice(0); // a browser reports each request that it could not send
  });

  it('hides a private room from strangers', async () => {
    await ada.goto('/rooms/new');
    await ada.getByLabel(/^Name/).fill('Under the rock');
    await ada.getByRole('button', { name: 'Make the room' }).click();
    await ada.waitForURL(/\/rooms\/[0-9a-f-]{36}/);
    const hidden = new URL(ada.url()).pathname.replace('/rooms/', '/spectate/');
    await stranger.goto(hidden);
    await stranger.getByText('There is nothing to watch here').waitFor();
    await picture(stranger, 'spectate-nothing');
  });

  it.each<[Theme, number]>([
    ['dark', 1440],
    ['light', 1440],
    ['dark', 360],
    ['light', 360],
  ])('looks right and is accessible in %s at %i px', async (theme, width) => {
    const page = await product.visitor({ theme, width, height: width === 360 ? 780 : 900 });
    await page.goto('/sign-in');
    await page.getByLabel('User name or e-mail').fill('lin');
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL((url) => url.pathname === '/');
    const places: [string, string, RegExp][] = [
      ['lobby', '/', /Tide tables/],
      ['room', roomAddress, /Good to be here/],
      ['tasks', `${roomAddress}?work=tasks`, /Create docs\/hello\.md/],
      ['pulls', `${roomAddress}?work=pulls&pull=1`, /Merged by/],
      ['activity', `${roomAddress}?work=activity`, /crabby/],
      ['members', `${roomAddress}?work=members`, /crabby/],
      ['spectate', roomAddress.replace('/rooms/', '/spectate/'), /Good to be here/],
      ['agents', '/agents', /agent/i],
      ['settings', '/settings', /theme/i],
    ];
    const findings: Record<string, Finding[]> = {};
    for (const [name, address, sign] of places) {
      await page.goto(address);
      await page.getByText(sign).first().waitFor({ state: 'attached' });
      await page.waitForTimeout(400);
      await picture(page, `${name}-${theme}-${width}`);
      const found = await seriousFindings(page);
      if (found.length > 0) {
        findings[name] = found;
      }
      const overflow = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect({ name, overflow }).toEqual({ name, overflow: 0 });
    }
    expect(findings).toEqual({});
    await page.context().close();
  });

  it('wrote no error to any console', () => {
    expect(product.consoleErrors).toEqual([]);
  });
});
