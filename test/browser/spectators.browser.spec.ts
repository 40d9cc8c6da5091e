import type { Locator, Page } from 'playwright-core';
import { seriousFindings, sidewaysOverflow } from './axe.js';
import { Person } from './people.js';
import { picture, Product } from './product.js';

/** Strangers talk beside a room, and its members read along, answer and bring a message in. Told once, in order. */
describe('the chat of those who watch', () => {
  let product: Product;
  let ada: Person;
  let roomId: string;
  let adas: Page;
  let wide: Page;
  let narrow: Page;

  beforeAll(async () => {
    product = await Product.start();
    ada = await Person.register(product.url, 'ada');
    const lin = await Person.register(product.url, 'lin');
    roomId = await ada.makeRoom({ name: 'Tide tables', description: 'When the water comes', visibility: 'public' });
    await lin.ask('POST', `/api/rooms/${roomId}/join`, {});
    adas = await product.visitor();
    await ada.signsIn(adas);
    wide = await product.visitor({ theme: 'dark' });
    narrow = await product.visitor({ width: 360, height: 760, theme: 'light', touch: true });
    await Promise.all([wide.goto(`/spectate/${roomId}`), narrow.goto(`/spectate/${roomId}`)]);
  });
  afterAll(() => product?.stop());

  const log = (page: Page): Locator => page.getByRole('log', { name: 'Chat of those who watch' });
  const field = (page: Page): Locator => page.getByRole('textbox', { name: 'Say something to those who watch' });
  const notice = (page: Page): Locator => page.locator('#spectators-chat-notice');
  const said = (page: Page, text: string): Locator => log(page).getByText(text, { exact: true });

  it('stands beside the stream, and behind the bar on a phone', async () => {
    await field(wide).waitFor();
    await narrow.getByRole('button', { name: 'Chat', exact: true }).tap();
    await field(narrow).waitFor();
    await picture(wide, 'spectators-empty-1440-dark');
    for (const page of [wide, narrow]) {
      expect(await seriousFindings(page)).toEqual([]);
      expect(await sidewaysOverflow(page)).toBeLessThanOrEqual(0);
    }
  });

  it('carries what one says under a name of their choice to all who watch, by keyboard alone', async () => {
    await wide.getByLabel('Your name').fill('Nora');
    await wide.keyboard.press('Tab');
    await wide.keyboard.type('How does the agent know to use Click?');
    await wide.keyboard.press('Enter');
    for (const page of [wide, narrow]) {
      await said(page, 'How does the agent know to use Click?').waitFor();
      await log(page).getByText('Nora', { exact: true }).waitFor();
    }
    expect(await field(wide).inputValue()).toBe('');
    expect(await said(wide, 'How does the agent know to use Click?').count()).toBe(1);
  });

  it('keeps what it does not take, and says why', async () => {
    await narrow.getByLabel('Your name').fill('ADA');
    await field(narrow).fill('I am the host');
    await narrow.getByRole('button', { name: 'Send', exact: true }).tap();
    await notice(narrow)
      .getByText(/name of somebody else/)
      .waitFor();
    expect(await field(narrow).inputValue()).toBe('I am the host');
    await field(narrow).fill('x'.repeat(501));
    await notice(narrow).getByText('Too long by 1.').waitFor();
    expect(await narrow.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
    await narrow.getByLabel('Your name').fill('Ole');
    await field(narrow).fill('Good evening');
    await narrow.getByRole('button', { name: 'Send', exact: true }).tap();
    await said(wide, 'Good evening').waitFor();
    await picture(narrow, 'spectators-chat-360-light');
    await picture(wide, 'spectators-chat-1440-dark');
    for (const page of [wide, narrow]) {
      expect(await seriousFindings(page)).toEqual([]);
    }
  });

  it('sends what was on its way once the line is back, once', async () => {
    await wide.context().setOffline(true);
    await wide.evaluate(`globalThis.dispatchEvent(new Event('offline'))`);
    await field(wide).fill('Still there?');
    await wide.context().setOffline(false);
    await wide.reload();
    await said(wide, 'Good evening').waitFor();
    expect(await wide.getByLabel('Your name').inputValue()).toBe('Nora');
    await field(wide).fill('Still there?');
    await field(wide).press('Enter');
    await said(narrow, 'Still there?').waitFor();
    expect(await said(wide, 'Still there?').count()).toBe(1);
  });

  it('is read by members beside their own talk, and answered there', async () => {
    await adas.goto(`/rooms/${roomId}`);
    await adas.getByRole('button', { name: 'Chat of those who watch' }).click();
    await said(adas, 'Good evening').waitFor();
    await adas.getByRole('textbox', { name: 'Answer those who watch' }).fill('It reads the task');
    await adas.keyboard.press('Enter');
    await said(wide, 'It reads the task').waitFor();
    await log(wide).getByText('member', { exact: true }).waitFor();
    await picture(adas, 'spectators-panel-1440-dark');
    expect(await seriousFindings(adas)).toEqual([]);
    const light = await product.visitor({ width: 360, height: 760, theme: 'light', touch: true });
    await ada.signsIn(light);
    await light.goto(`/rooms/${roomId}?spectators=open`);
    await said(light, 'Good evening').waitFor();
    await picture(light, 'spectators-panel-360-light');
    expect(await seriousFindings(light)).toEqual([]);
    expect(await sidewaysOverflow(light)).toBeLessThanOrEqual(0);
    await light.context().close();
  });

  it('gives the room a message that a member promotes, as the spectator’s', async () => {
    await adas.getByRole('button', { name: 'Promote what Nora said' }).first().click();
    await adas.getByRole('button', { name: 'Promoted · show in the room' }).waitFor();
    const talk = adas.getByRole('log', { name: 'Conversation' });
    await talk.getByText('How does the agent know to use Click?').waitFor();
    await talk.getByText('a spectator, promoted by ada').waitFor();
    await wide.getByRole('log', { name: 'What happens' }).getByText('spectator, promoted by ada').waitFor();
    await picture(adas, 'spectators-promoted-1440-dark');
    await picture(wide, 'spectators-promoted-stream-1440-dark');
  });

  it('loses what a moderator deletes, also where it was promoted', async () => {
    await adas.getByRole('button', { name: 'Delete what Nora said' }).first().click();
    await adas.getByRole('alertdialog').getByRole('button', { name: 'Delete the message' }).click();
    await said(narrow, 'How does the agent know to use Click?').waitFor({ state: 'detached' });
    const talk = adas.getByRole('log', { name: 'Conversation' });
    await talk.getByText('How does the agent know to use Click?').waitFor({ state: 'detached' });
  });

  it('tells whom a moderator mutes, and keeps what they wrote', async () => {
    await field(narrow).fill('One more thing');
    await adas.getByRole('button', { name: 'Mute Ole' }).first().click();
    await adas.getByRole('alertdialog').getByRole('button', { name: 'Mute for an hour' }).click();
    await notice(narrow)
      .getByText(/You are muted in this chat until .*\d/)
      .waitFor();
    expect(await field(narrow).inputValue()).toBe('One more thing');
    expect(await narrow.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true);
    await picture(narrow, 'spectators-muted-360-light');
  });

  it('closes when the host wants that', async () => {
    await ada.ask('PUT', `/api/rooms/${roomId}`, { settings: { spectatorChat: 'off' } });
    await wide.getByText('The host has closed this chat.').waitFor();
    await adas.goto(`/rooms/${roomId}?settings=access`);
    await adas.getByLabel('Chat of those who watch').waitFor();
    await picture(adas, 'spectators-setting-1440-dark');
    expect(product.consoleErrors).toEqual([]);
  });
});
