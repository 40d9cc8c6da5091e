import type { Page } from 'playwright-core';
import { Line } from './line.js';
import { Person } from './people.js';
import { picture, Product } from './product.js';

/** What people have not read, are told of and write to each other alone, seen by two of them at once. */
describe('attention, in two browsers', () => {
  let product: Product;
  let ada: Person;
  let lin: Person;
  let adaPage: Page;
  let linPage: Page;
  let harbour: string;
  let pier: string;

  beforeAll(async () => {
    product = await Product.start();
    [ada, lin] = [await Person.register(product.url, 'ada'), await Person.register(product.url, 'lin')];
    harbour = await ada.makeRoom({
      name: 'Harbour',
      description: 'Signal lights for small ports',
      visibility: 'public',
    });
    pier = await ada.makeRoom({ name: 'Pier', description: 'Ropes and knots', visibility: 'public' });
    await lin.ask('POST', `/api/rooms/${harbour}/join`, {});
    await lin.ask('POST', `/api/rooms/${pier}/join`, {});
    [adaPage, linPage] = [await product.visitor(), await product.visitor({ theme: 'light' })];
    await ada.signsIn(adaPage);
    await lin.signsIn(linPage);
  });
  afterAll(() => product?.stop());

  const inRail = (page: Page, name: string) =>
    page.getByRole('navigation', { name: 'ClawTank' }).getByRole('link').filter({ hasText: name });
  const open = async (page: Page, address: string) => {
    await page.goto(address);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
  };
  /** Playwright’s own waiting evaluates in the page, which our content security policy forbids. */
  const becomes = async (page: Page, claim: string) => {
    for (const end = Date.now() + 15_000; !(await page.evaluate(claim)); await page.waitForTimeout(100)) {
      expect(Date.now()).toBeLessThan(end);
    }
  };
  const write = async (page: Page, text: string) => {
    const box = page.getByRole('textbox', { name: /^Message/ });
    await box.fill(text);
    await box.press('Enter');
  };

  it('counts in one room what is written in another, and stops on every device once it is read', async () => {
    await open(linPage, `/rooms/${pier}`);
    const phone = await product.visitor({ width: 360, height: 780 });
    await lin.signsIn(phone);
    await open(adaPage, `/rooms/${harbour}`);
    await write(adaPage, 'Hello @lin, do the lights work?');
    await inRail(linPage, 'Harbour').filter({ hasText: '1 mention' }).waitFor();
    await becomes(linPage, 'document.title.startsWith("(1) ")');
    await phone.getByRole('link', { name: /Rooms.*1 unread/ }).waitFor();
    await picture(linPage, 'attention-rail-unread-light-1440');
    await picture(phone, 'attention-bottom-bar-dark-360');
    await open(linPage, `/rooms/${harbour}`);
    await phone.getByRole('link', { name: /Rooms.*unread/ }).waitFor({ state: 'detached' });
    await becomes(linPage, '!document.title.startsWith("(")');
    await phone.context().close();
  });

  it('tells of a mention where the reader is, keeps it behind the bell, and takes it back when it is read', async () => {
    // What is pushed before the page is connected shows behind the bell alone.
    const connected = linPage.waitForResponse('**/api/me/badges');
    await open(linPage, '/agents');
    await connected;
    await ada.says(harbour, 'And again, @lin: look here');
    const toast = linPage.getByRole('log', { name: 'Notifications' });
    await toast.getByText(/ada mentioned you in Harbour/).waitFor();
    await picture(linPage, 'attention-toast-light-1440');
    await linPage.getByRole('button', { name: /Notifications, .*unread/ }).click();
    const item = linPage.getByRole('list', { name: 'Notifications' }).getByRole('link').first();
    await item.waitFor();
    await picture(linPage, 'attention-bell-light-1440');
    await item.click();
    await linPage.waitForURL(/\/rooms\/.*message=/);
    await linPage.getByRole('button', { name: 'Notifications', exact: true }).waitFor();
  });

  it('lets two talk alone, live on both sides, with edits and deletions', async () => {
    await open(adaPage, `/rooms/${harbour}/direct/${lin.id}`);
    await write(adaPage, 'Only for **you**');
    await inRail(linPage, 'ada').filter({ hasText: '1 unread' }).waitFor();
    await inRail(linPage, 'ada').click();
    await linPage
      .getByRole('log', { name: /^Conversation/ })
      .getByText('Only for you')
      .waitFor();
    await write(linPage, 'Thank you');
    await adaPage
      .getByRole('log', { name: /^Conversation/ })
      .getByText('Thank you')
      .waitFor();
    await adaPage.getByRole('textbox', { name: 'Message to lin' }).press('ArrowUp');
    await adaPage.getByLabel('Edit the message').fill('Only for your eyes');
    await adaPage.getByLabel('Edit the message').press('Enter');
    await linPage
      .getByRole('log', { name: /^Conversation/ })
      .getByText('Only for your eyes')
      .waitFor();
    await picture(adaPage, 'attention-direct-dark-1440');
    await picture(linPage, 'attention-direct-light-1440');
    await linPage
      .getByRole('log', { name: /^Conversation/ })
      .getByText('Thank you')
      .hover();
    await linPage.getByRole('button', { name: 'Delete', exact: true }).click();
    await linPage.getByRole('button', { name: 'Delete the message' }).click();
    await adaPage.getByText('This message was deleted.').waitFor();
    expect(await adaPage.getByText('Thank you').count()).toBe(0);
  });

  it('keeps what is written to somebody alone while there is no line, through the end of the page, and sends it once', async () => {
    await open(linPage, `/rooms/${harbour}/direct/${ada.id}`);
    const page = await product.visitor({ width: 360, height: 780, touch: true });
    const line = await Line.of(page);
    await ada.signsIn(page);
    await open(page, `/rooms/${harbour}/direct/${lin.id}`);
    await page.context().setOffline(true);
    await line.cut();
    await write(page, 'tunnel one');
    await write(page, 'tunnel two');
    await page.getByText('tunnel two').waitFor();
    // What was begun is let go of once it is kept as something to send.
    await becomes(page, `Object.keys(localStorage).every((key) => !key.startsWith('clawtank.draft.'))`);
    await picture(page, 'attention-direct-waiting-dark-360');
    const { consoleErrors } = product;
    consoleErrors.splice(0, Infinity, ...consoleErrors.filter((text) => !/DISCONNECTED|WebSocket/.test(text)));
    await page.close();

    await page.context().setOffline(false);
    line.mend();
    const next = await page.context().newPage();
    await next.goto('/agents');
    const heard = linPage.getByRole('log', { name: /^Conversation/ });
    await heard.getByText('tunnel two').waitFor();
    await next.goto(`/rooms/${harbour}/direct/${lin.id}`);
    await next.getByText('tunnel two').waitFor();
    for (const talk of [heard, next.locator('.talk')]) {
      const said = (await talk.locator('ct-speech-text').allTextContents()).map((text) => text.trim());
      expect(said.filter((text) => text.startsWith('tunnel'))).toEqual(['tunnel one', 'tunnel two']);
    }
    await next.getByRole('button', { name: 'More to do with your message' }).last().tap();
    await picture(next, 'attention-direct-touch-dark-360');
    await next.getByRole('menuitem', { name: 'Edit' }).tap();
    await next.getByRole('textbox', { name: 'Edit the message' }).fill('tunnel two, with a lamp');
    await next.getByRole('button', { name: 'Save' }).tap();
    await heard.getByText('with a lamp').waitFor();
    await next.context().close();
  });

  it('goes anywhere by Ctrl+K and a few letters', async () => {
    await open(adaPage, `/rooms/${harbour}`);
    await adaPage.keyboard.press('Control+k');
    await adaPage.getByRole('combobox').fill('pie');
    await picture(adaPage, 'attention-switcher-dark-1440');
    await adaPage.keyboard.press('Enter');
    await adaPage.waitForURL(`**/rooms/${pier}`);
    await adaPage.keyboard.press('Alt+ArrowDown');
    await adaPage.waitForURL((url) => !url.pathname.endsWith(pier));
  });

  it('shows every shortcut and command behind ?, and closes with Escape', async () => {
    await open(adaPage, '/agents');
    await adaPage.keyboard.press('?');
    await adaPage.getByRole('heading', { name: 'Shortcuts and commands' }).waitFor();
    await adaPage.getByText('/kick <name>').waitFor();
    await picture(adaPage, 'attention-help-dark-1440');
    await adaPage.keyboard.press('Escape');
    await adaPage.getByRole('heading', { name: 'Shortcuts and commands' }).waitFor({ state: 'detached' });
  });

  it('finds messages by words and operators, and leads to them', async () => {
    await ada.says(harbour, 'The green light blinks `twice`', 'The red light is steady');
    await open(linPage, `/rooms/${harbour}`);
    await linPage.keyboard.press('Control+Shift+f');
    const box = linPage.getByRole('searchbox');
    await box.waitFor();
    expect(await box.inputValue()).toBe('in:Harbour ');
    await box.pressSequentially('light from:ada -red');
    await box.press('Enter');
    const hit = linPage.locator('ct-search-hit').filter({ hasText: 'green' });
    await hit.waitFor();
    expect(await linPage.getByText('The red light is steady', { exact: true }).count()).toBeLessThanOrEqual(1);
    await picture(linPage, 'attention-search-light-1440');
    await hit.getByRole('link').click();
    await linPage.waitForURL(/message=\d+/);
    await linPage.getByRole('log').first().getByText('The green light blinks').waitFor();
  });

  it('never posts an unknown command, and carries out a known one', async () => {
    await open(adaPage, `/rooms/${harbour}`);
    await write(adaPage, '/frobnicate everything');
    await adaPage.getByText('There is no command /frobnicate').waitFor();
    await picture(adaPage, 'attention-slash-refused-dark-1440');
    const { messages } = await lin.ask<{ messages: { message: string }[] }>('GET', `/api/rooms/${harbour}/messages`);
    expect(messages.some(({ message }) => message.includes('frobnicate'))).toBe(false);
    await write(adaPage, '/topic Lights, seen from the sea');
    await adaPage.getByRole('status').getByText('The room says now what it is about.').waitFor();
    await linPage.getByText('Lights, seen from the sea').first().waitFor();
  });

  it('mutes a room from its menu', async () => {
    await open(linPage, `/rooms/${pier}`);
    await linPage.getByRole('button', { name: 'More about this room' }).click();
    await linPage.getByRole('menuitemradio', { name: /mute/ }).waitFor();
    await picture(linPage, 'attention-level-light-1440');
    await linPage.getByRole('menuitemradio', { name: /mute/ }).click();
    await inRail(linPage, 'Pier').filter({ hasText: 'muted' }).waitFor();
  });

  it('invites by name: the other finds it, and joins', async () => {
    const sol = await Person.register(product.url, 'sol');
    const solPage = await product.visitor({ width: 360, height: 780, theme: 'light' });
    await sol.signsIn(solPage);
    const attic = await ada.makeRoom({ name: 'Attic', description: 'Old charts and older maps' });
    await ada.ask('POST', `/api/rooms/${attic}/invitations/people`, { username: 'sol' });
    await solPage.getByRole('link', { name: /Inbox.*1 unread/ }).click();
    await solPage.getByRole('button', { name: 'Join Attic' }).waitFor();
    await picture(solPage, 'attention-inbox-light-360');
    await solPage.getByRole('button', { name: 'Join Attic' }).click();
    await solPage.waitForURL(`**/rooms/${attic}`);
    await solPage.context().close();
  });

  it('asks for the browser’s permission by a click only, and shows what comes while the page is hidden', async () => {
    const page = await product.visitor();
    await page.addInitScript(() => {
      const shown: { title: string; tag: string }[] = [];
      class Mocked {
        static permission = 'default';
        static requestPermission = () => Promise.resolve((Mocked.permission = 'granted'));
        onclick = null;
        onclose = null;
        constructor(title: string, { tag }: { tag: string }) {
          shown.push({ title, tag });
        }
        close() {}
      }
      Object.assign(globalThis, { Notification: Mocked, shown });
    });
    await lin.signsIn(page);
    await page.goto('/settings');
    await page.getByLabel(/Show notifications of this browser/).check();
    await picture(page, 'attention-settings-dark-1440');
    await page.evaluate(`Object.defineProperty(document, 'hidden', { get: () => true });
      document.dispatchEvent(new Event('visibilitychange'))`);
    await linPage.goto('about:blank');
    await ada.says(harbour, 'Are you there, @lin?');
    await becomes(page, 'shown.length === 1');
    await page.context().close();
  });

  it('loads itself anew when an update has taken away the page that is wanted, and keeps what was begun', async () => {
    const page = await product.visitor();
    await ada.signsIn(page);
    await open(page, `/rooms/${harbour}`);
    await page.getByRole('textbox', { name: /^Message/ }).fill('Half a thought');
    let isUpdated = false;
    await page.route('**/chunk-*.js', (route) =>
      isUpdated ? route.continue() : route.fulfill({ status: 404, body: 'Not found' }),
    );
    page.on('request', (request) => (isUpdated ||= request.isNavigationRequest()));
    await page.getByRole('link', { name: 'Agents', exact: true }).click();
    await page.getByRole('heading', { name: 'Agents', level: 1 }).waitFor();
    expect([isUpdated, new URL(page.url()).pathname]).toEqual([true, '/agents']);
    await page.getByRole('link', { name: 'Harbour', exact: true }).click();
    expect(await page.getByRole('textbox', { name: /^Message/ }).inputValue()).toBe('Half a thought');
    await page.context().close();
    // The browser and the router both tell of the code that was not there.
    const expected = /status of 404|dynamically imported module/;
    expect(product.consoleErrors.splice(0).filter((text) => !expected.test(text))).toEqual([]);
  });

  it('fits on a phone in both themes', async () => {
    for (const theme of ['dark', 'light'] as const) {
      const page = await product.visitor({ width: 360, height: 780, theme, touch: true });
      await lin.signsIn(page);
      for (const [name, address] of [
        ['direct', `/rooms/${harbour}/direct/${ada.id}`],
        ['search', '/search?q=light'],
        ['inbox', '/notifications'],
      ] as const) {
        await open(page, address);
        await page.waitForTimeout(500);
        await picture(page, `attention-${name}-${theme}-360`);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
      }
      await page.context().close();
    }
  });

  it('leaves nothing in the console', () => expect(product.consoleErrors).toEqual([]));
});
