import type { Locator, Page } from 'playwright-core';
import { seriousFindings, sidewaysOverflow } from './axe.js';
import { hasFocus } from './keyboard.js';
import { Line } from './line.js';
import { Person } from './people.js';
import { picture, Product } from './product.js';

/** Two people talk, each in a browser of their own; what one does, the other sees. Told once, in order. */
describe('a conversation, in two browsers', () => {
  let product: Product;
  let ada: Person;
  let roomId: string;
  let adas: Page;
  let lins: Page;
  let line: Line;

  beforeAll(async () => {
    product = await Product.start();
    ada = await Person.register(product.url, 'ada');
    const lin = await Person.register(product.url, 'lin');
    roomId = await ada.makeRoom({ name: 'Tide tables', description: 'When the water comes', visibility: 'public' });
    await lin.ask('POST', `/api/rooms/${roomId}/join`, {});
    adas = await product.visitor();
    line = await Line.of(adas);
    lins = await product.visitor({ theme: 'light' });
    await Promise.all([ada.signsIn(adas), lin.signsIn(lins)]);
    await Promise.all([adas.goto(`/rooms/${roomId}`), lins.goto(`/rooms/${roomId}`)]);
    await Promise.all([composer(adas).waitFor(), composer(lins).waitFor()]);
  });
  afterAll(() => product?.stop());

  const log = (page: Page): Locator => page.getByRole('log', { name: 'Conversation' });
  const composer = (page: Page): Locator => page.getByRole('textbox', { name: /^Message / });
  const messages = (page: Page): Locator => log(page).getByRole('article');
  /** The newest message that says this itself, not only by what it quotes. */
  const message = (page: Page, text: string | RegExp): Locator =>
    messages(page)
      .filter({ has: page.locator('ct-speech-text', { hasText: text }) })
      .last();
  const say = async (page: Page, text: string): Promise<void> => {
    await composer(page).fill(text);
    await composer(page).press('Enter');
  };
  /** What was said, in the order in which it stands there. */
  const said = (page: Page): Promise<string[]> =>
    log(page)
      .locator('ct-speech-text')
      .allTextContents()
      .then((texts) => texts.map((text) => text.trim()));
  const toolbar = async (page: Page, text: string | RegExp): Promise<Locator> => {
    await message(page, text).hover();
    return message(page, text).getByRole('toolbar');
  };
  const menu = async (page: Page, text: string | RegExp, item: string): Promise<void> => {
    await (await toolbar(page, text)).getByRole('button', { name: /^More to do/ }).click();
    // A hand takes its time from the button to the menu, and the toolbar must wait for it.
    await page.getByRole('menuitem', { name: item }).hover();
    await page.waitForTimeout(100);
    await page.getByRole('menuitem', { name: item }).click();
  };

  it('shows Markdown to both, and nothing of it is markup for the browser', async () => {
    await composer(adas).fill(
      [
        '## The plan for **high water**',
        '',
        '- [x] read the gauge',
        '- [ ] tell the harbour',
        '',
        '| place | height |',
        '|---|--:|',
        '| Bremen | 3.14 m |',
        '',
        '> measured twice',
        '',
        '```ts',
        'const height = await gauge.read(); // in metres',
        '```',
        '',
        'See [the tables](https://tides.example/today) <b>now</b>, ~~maybe~~ `surely`.',
      ].join('\n'),
    );
    await composer(adas).press('Enter');
    const plan = message(lins, 'The plan for high water');
    await plan.waitFor();
    expect(await plan.getByRole('checkbox', { name: 'Done', exact: true }).isChecked()).toBe(true);
    expect(await plan.getByRole('cell', { name: '3.14 m' }).count()).toBe(1);
    expect(await plan.getByRole('link', { name: /the tables/ }).getAttribute('rel')).toContain('nofollow');
    expect(await plan.textContent()).toContain('<b>now</b>');
    await plan.locator('pre .keyword').first().waitFor();
    await plan.getByRole('button', { name: 'Copy the code' }).click();
    expect(await lins.evaluate('navigator.clipboard.readText()')).toBe(
      'const height = await gauge.read(); // in metres',
    );
  });

  it('completes people, emoji and commands while one writes', async () => {
    await composer(adas).pressSequentially('hello @li');
    await lins.getByText('ada is typing…').waitFor();
    await picture(lins, 'chat-typing');
    await adas.getByRole('option', { name: /lin/ }).waitFor();
    await adas.keyboard.press('Tab');
    await composer(adas).pressSequentially('good tide :ocea');
    await adas.getByRole('option', { name: /ocean/ }).first().waitFor();
    await adas.keyboard.press('Enter');
    expect(await composer(adas).inputValue()).toMatch(/^hello @lin good tide 🌊 $/u);
    await composer(adas).press('Enter');
    await lins.locator('ct-message.for-you').getByText('good tide').waitFor();

    await composer(adas).pressSequentially('/');
    await adas.getByRole('option', { name: '/task [@agent]' }).waitFor();
    await picture(adas, 'chat-commands');
    await composer(adas).fill('/tsak do it');
    await composer(adas).press('Enter');
    await adas.getByText(/There is no command \/tsak.*\/task/).waitFor();
    expect((await said(lins)).some((text) => text.includes('tsak'))).toBe(false);
    await composer(adas).fill('');
  });

  it('reacts, by the picker and by joining in, and says who', async () => {
    await (await toolbar(lins, 'good tide')).getByRole('button', { name: 'React' }).click();
    await lins.getByRole('combobox', { name: 'Find an emoji' }).fill('tada');
    await lins.getByRole('option', { name: /party popper/ }).waitFor();
    await picture(lins, 'chat-emoji-picker');
    await lins.keyboard.press('Enter');
    await message(adas, 'good tide').getByRole('button', { name: '🎉 1, lin' }).click();
    await message(lins, 'good tide')
      .getByRole('button', { name: /^🎉 2, you and ada/ })
      .waitFor();
    await message(adas, 'good tide').getByRole('button', { name: '🎉 2, lin and you', pressed: true }).click();
    await message(lins, 'good tide').getByRole('button', { name: '🎉 1, you' }).waitFor();
  });

  it('answers with a quote that says what stands now, and leads there', async () => {
    await say(lins, 'Low water is at nine.');
    await (await toolbar(adas, 'Low water')).getByRole('button', { name: 'Reply' }).click();
    await adas.getByText('Reply to lin').waitFor();
    await composer(adas).fill('Nine it is.');
    await composer(adas).press('Enter');
    await message(lins, 'Nine it is.').getByRole('button', { name: 'Answers lin: Low water is at nine.' }).waitFor();

    await composer(lins).press('ArrowUp');
    const editor = lins.getByRole('textbox', { name: 'Edit the message' });
    await editor.fill('Low water is at ten.');
    await editor.press('Enter');
    const quote = message(adas, 'Nine it is.').getByRole('button', { name: 'Answers lin: Low water is at ten.' });
    await quote.click();
    await adas.locator('ct-message.lit').getByText('Low water is at ten.').waitFor();
    await message(adas, 'Low water is at ten.').getByRole('button', { name: 'edited' }).click();
    await adas.getByRole('dialog').getByText('Low water is at nine.').waitFor();
    await picture(adas, 'chat-history');
    await adas.getByRole('button', { name: 'Close', exact: true }).click();
  });

  it('talks in a thread beside the room, and says in the room that it did', async () => {
    await (await toolbar(adas, 'The plan for')).getByRole('button', { name: 'Open the thread' }).click();
    const thread = adas.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('The plan for').waitFor();
    await thread.getByRole('textbox', { name: 'Reply in the thread' }).fill('I start with Bremen.');
    await adas.keyboard.press('Enter');
    await thread.getByRole('log').getByText('I start with Bremen.').waitFor();

    await lins.getByText('ada replied to').waitFor();
    await message(lins, 'The plan for')
      .getByRole('button', { name: /1 reply/ })
      .click();
    const lins2 = lins.getByRole('complementary', { name: 'Thread' });
    await lins2.getByText('I start with Bremen.').waitFor();
    await lins2.getByRole('textbox', { name: 'Reply in the thread' }).fill('And I with Husum.');
    await lins.keyboard.press('Enter');
    await thread.getByText('And I with Husum.').waitFor();
    await picture(adas, 'chat-thread');
    await picture(lins, 'chat-thread-light');
    expect(await log(lins).getByText('And I with Husum.').count()).toBe(0);
    await message(adas, 'The plan for')
      .getByRole('button', { name: /2 replies/ })
      .waitFor();

    await adas.keyboard.press('Escape');
    await thread.waitFor({ state: 'detached' });
    expect(await adas.evaluate('document.activeElement.id')).toBe('composer');
    await lins.getByRole('button', { name: 'Close the thread' }).click();
  });

  it('pins a message for everybody', async () => {
    await menu(adas, 'Low water is at ten.', 'Pin for everybody');
    await message(lins, 'Low water is at ten.').getByText('pinned').waitFor();
    await lins.getByRole('button', { name: 'Pinned messages' }).click();
    const pins = lins.getByRole('complementary', { name: 'Pinned messages' });
    await pins.getByText('Low water is at ten.').waitFor();
    await picture(lins, 'chat-pins');
    await pins.getByRole('button', { name: 'Show in the room' }).click();
    await lins.locator('ct-message.lit').getByText('Low water is at ten.').waitFor();
  });

  it('takes a pasted image, shows it to the other, and large when asked', async () => {
    await composer(adas).focus();
    await adas.evaluate(PASTE_IMAGE);
    await adas.getByRole('list', { name: 'Files of this message' }).getByText('gauge.png').waitFor();
    await picture(adas, 'chat-upload');
    await composer(adas).fill('The gauge right now');
    await adas.getByRole('button', { name: 'Send' }).and(adas.locator(':enabled')).waitFor();
    await composer(adas).press('Enter');
    const image = message(lins, 'The gauge right now').getByRole('button', { name: /^Show gauge/ });
    await image.waitFor();
    expect(await image.locator('img').getAttribute('width')).toBe('320');
    await image.click();
    await lins.getByRole('dialog').getByText(/gauge/).waitFor();
    await picture(lins, 'chat-lightbox');
    await lins.keyboard.press('Escape');

    await composer(adas).focus();
    await adas.evaluate(PASTE_IMAGE);
    await adas.getByRole('button', { name: 'Send' }).and(adas.locator(':enabled')).waitFor();
    await composer(adas).press('Enter');
    const alone = messages(lins)
      .filter({ has: lins.locator('ct-attachments') })
      .last();
    await alone.filter({ hasNot: lins.locator('ct-speech-text') }).waitFor();
    await picture(lins, 'chat-files-alone');
  });

  it('deletes for good, after naming what goes, and the quote of it knows', async () => {
    await menu(lins, 'Low water is at ten.', 'Delete');
    const sure = lins.getByRole('alertdialog');
    await sure.getByText('“Low water is at ten.”').waitFor();
    await picture(lins, 'chat-delete');
    await sure.getByRole('button', { name: 'Delete the message' }).click();
    await log(adas).getByText('A message of lin was deleted').waitFor();
    await message(adas, 'Nine it is.').getByText('The message was deleted').waitFor();
    expect((await said(adas)).join()).not.toContain('Low water');
  });

  it('does all of that by keyboard alone', async () => {
    await say(adas, 'Keys only');
    await message(lins, 'Keys only').waitFor();
    await composer(lins).focus();
    await message(lins, 'Keys only').focus();
    await lins.keyboard.press('r');
    await lins.getByText('Reply to ada').waitFor();
    await hasFocus(composer(lins));
    await lins.keyboard.type('By keys');
    await lins.keyboard.press('Enter');
    await message(adas, 'By keys').getByRole('button', { name: 'Answers ada: Keys only' }).waitFor();
    await message(lins, 'By keys').focus();
    await lins.keyboard.press('ArrowUp');
    await lins.keyboard.press('ArrowDown');
    await lins.keyboard.press('e');
    await lins.getByRole('textbox', { name: 'Edit the message' }).fill('By keys alone');
    await lins.keyboard.press('Enter');
    await message(adas, 'By keys alone').waitFor();
    await message(lins, 'By keys alone').focus();
    await lins.keyboard.press('+');
    const finding = lins.getByRole('combobox', { name: 'Find an emoji' });
    // A mouse that rests where choices appear chooses none of them.
    const grid = await lins.getByRole('listbox', { name: 'Emoji' }).boundingBox();
    await lins.mouse.move((grid?.x ?? 0) + 60, (grid?.y ?? 0) + 60);
    await hasFocus(finding);
    await lins.keyboard.type('a');
    await lins.getByRole('option').nth(40).waitFor();
    await lins.waitForTimeout(300); // in which a browser notices what has come to lie under the mouse
    expect(await finding.getAttribute('aria-activedescendant')).toBe('emoji-0');
    await finding.fill('');
    await lins.keyboard.type('rocket');
    await lins.getByRole('option', { name: 'rocket' }).first().waitFor();
    await lins.keyboard.press('Enter');
    await message(adas, 'By keys alone').getByRole('button', { name: '🚀 1, lin' }).waitFor();
    await message(lins, 'By keys alone').focus();
    await lins.keyboard.press('Delete');
    await lins.getByRole('button', { name: 'Keep it as it is' }).and(lins.locator(':focus')).waitFor();
    await lins.keyboard.press('Tab');
    await lins.keyboard.press('Enter');
    await message(adas, 'By keys alone').waitFor({ state: 'detached' });
  });

  it('does all of that by fingers alone, which cannot hover', async () => {
    const phone = await product.visitor({ width: 360, height: 780, touch: true });
    await ada.signsIn(phone);
    await phone.goto(`/rooms/${roomId}`);
    await message(phone, 'Keys only').waitFor();
    await picture(phone, 'chat-touch');
    const tapMenu = async (text: string, item: string) => {
      const more = message(phone, text).getByRole('button', { name: /^More to do/ });
      const box = await more.boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(24);
      await more.tap();
      await picture(phone, 'chat-touch-menu');
      await phone.getByRole('menuitem', { name: item }).tap();
    };
    await tapMenu('Keys only', 'React');
    await picture(phone, 'chat-touch-emoji');
    await phone.getByRole('combobox', { name: 'Find an emoji' }).fill('crab');
    await phone.getByRole('option', { name: 'crab' }).first().tap();
    await message(lins, 'Keys only').getByRole('button', { name: '🦀 1, ada' }).waitFor();
    await tapMenu('Keys only', 'Reply');
    await composer(phone).fill('By finger');
    await phone.getByRole('button', { name: 'Send' }).tap();
    await message(lins, 'By finger').getByRole('button', { name: 'Answers ada: Keys only' }).waitFor();
    await tapMenu('By finger', 'Edit');
    await phone.getByRole('textbox', { name: 'Edit the message' }).fill('By fingers');
    await phone.getByRole('button', { name: 'Save' }).tap();
    await message(lins, 'By fingers').waitFor();
    await tapMenu('By fingers', 'Delete');
    await phone.getByRole('button', { name: 'Delete the message' }).tap();
    await message(lins, 'By fingers').waitFor({ state: 'detached' });
    await phone.context().close();
  });

  it('keeps what is said offline through a reload, and sends it once and in order', async () => {
    await adas.context().setOffline(true);
    await line.cut();
    for (const text of ['offline one', 'offline two', 'offline three']) {
      await say(adas, text);
    }
    await message(adas, 'offline three').getByText('Waits for the connection').waitFor();
    await picture(adas, 'chat-offline');
    // Pages load again before the live connection is back. A second tab of the same browser shares what waits.
    await adas.context().setOffline(false);
    const other = await adas.context().newPage();
    await Promise.all([other.goto(`/rooms/${roomId}`), adas.reload()]);
    line.mend();
    // The first try to connect may have begun while there was no line, and is given up after ten seconds.
    await message(lins, 'offline three').waitFor({ timeout: 45_000 });
    await message(adas, 'offline three').waitFor();
    await message(other, 'offline three').waitFor();
    for (const page of [lins, adas, other]) {
      expect((await said(page)).filter((text) => text.startsWith('offline'))).toEqual([
        'offline one',
        'offline two',
        'offline three',
      ]);
    }
    await other.close();
  });

  it('shows where the new messages begin, and leads to the first of them', async () => {
    const lin = lins;
    await lin.goto('/');
    await lin.waitForTimeout(1_500); // what was read is told
    await ada.says(roomId, ...Array.from({ length: 70 }, (_, index) => `new ${index + 1}`));
    await lin.goto(`/rooms/${roomId}`);
    await lin.getByRole('button', { name: /70 new messages/ }).waitFor();
    await picture(lin, 'chat-unread');
    await lin.getByRole('button', { name: /70 new messages/ }).click();
    await lin.locator('ct-message.lit').getByText('new 1', { exact: true }).waitFor();
    await lin.getByRole('heading', { name: 'New messages' }).waitFor();
  });

  it('lands on the message that a link names, and comes back to the newest', async () => {
    const { seq } = await ada.says(roomId, 'the place to find');
    await ada.says(roomId, ...Array.from({ length: 130 }, (_, index) => `after ${index + 1}`));
    await lins.goto(`/rooms/${roomId}?message=${seq}`);
    const place = lins.locator('ct-message.lit');
    await place.getByText('the place to find').waitFor();
    expect((await place.boundingBox())?.y).toBeGreaterThan(0);
    await lins.getByRole('button', { name: 'Back to the newest' }).click();
    await message(lins, 'after 130').waitFor();
  });

  it.each([
    ['dark', 1440],
    ['light', 1440],
    ['dark', 360],
    ['light', 360],
  ] as const)('is fit to be looked at in the %s at %d pixels', async (theme, width) => {
    const isPhone = width < 500;
    const page = await product.visitor({ theme, width, height: isPhone ? 780 : 900, touch: isPhone });
    await ada.signsIn(page);
    await page.goto(`/rooms/${roomId}?message=3`);
    await page.locator('ct-message').first().waitFor();
    await message(page, 'The plan for').waitFor();
    await page.waitForTimeout(600);
    await picture(page, `chat-${theme}-${width}`);
    expect(await sidewaysOverflow(page)).toBe(0);
    expect(await seriousFindings(page)).toEqual([]);
    await message(page, 'The plan for')
      .getByRole('button', { name: /replies/ })
      .click();
    await page.getByRole('complementary', { name: 'Thread' }).getByText('And I with Husum.').waitFor();
    await picture(page, `chat-thread-${theme}-${width}`);
    expect(await seriousFindings(page)).toEqual([]);
    await page.close();
  });

  it('leaves no error in any console', () => {
    // A browser that is taken offline says so in its console.
    const expected = /ERR_INTERNET_DISCONNECTED|WebSocket connection to .* failed/;
    expect(product.consoleErrors.filter((text) => !expected.test(text))).toEqual([]);
  });
});

/** Puts a drawn picture on the page as if it had been pasted. */
const PASTE_IMAGE = `(async () => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 200 });
  const context = canvas.getContext('2d');
  context.fillStyle = '#136f7a';
  context.fillRect(0, 0, 320, 200);
  context.fillStyle = '#ff8a66';
  context.fillRect(40, 120, 240, 60);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
  const data = new DataTransfer();
  data.items.add(new File([blob], 'gauge.png', { type: 'image/png' }));
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
})()`;
