import { type Page } from 'playwright-core';
import { Person } from './people.js';
import { picture, Product } from './product.js';

/** Two browsers side by side: what one does is there in the other without a reload. */
describe('looking after a room, in two browsers', () => {
  let product: Product;
  let ada: Person;
  let lin: Person;
  let host: Page;
  let other: Page;
  let room: string;

  beforeAll(async () => {
    product = await Product.start();
    [ada, lin] = [await Person.register(product.url, 'ada'), await Person.register(product.url, 'lin')];
    await Person.register(product.url, 'sol');
    room = await ada.makeRoom({ name: 'Tide tables', description: 'Knows when the water comes', visibility: 'public' });
    await lin.ask('POST', `/api/rooms/${room}/join`, {});
    [host, other] = [await product.visitor(), await product.visitor({ theme: 'light' })];
    await ada.signsIn(host);
    await lin.signsIn(other);
  });
  afterAll(() => product?.stop());

  const open = async (page: Page, query = '') => {
    await page.goto(`/rooms/${room}${query}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
  };
  const member = (page: Page, name: string) =>
    page.getByRole('region', { name: 'People' }).getByRole('listitem').filter({ hasText: name });
  const choose = async (name: string, item: string | RegExp, role: 'menuitem' | 'menuitemradio' = 'menuitem') => {
    await member(host, name).hover();
    await host.getByRole('button', { name: `More about ${name}` }).click();
    await host.getByRole(role, { name: item }).click();
  };

  it('changes what the room says of itself, live for everybody in it', async () => {
    await open(host, '?settings=general');
    await open(other);
    await host.getByLabel('Name').fill('Tide and time tables');
    await host.getByLabel('Language').fill('rust');
    await host.getByLabel('Topics').fill('forecasting');
    await host.keyboard.press('Enter');
    await host.getByRole('button', { name: 'Save changes' }).click();
    await other.getByRole('heading', { name: /Tide and time tables/ }).waitFor();
    await other.getByRole('link', { name: 'forecasting' }).waitFor();
    await host.getByText('Saved. Everybody in the room sees it now.').waitFor();
    await picture(host, 'rooms-settings-general');
  });

  it('shows beside the switches what strangers see, and closes the room to them at once', async () => {
    const stranger = await product.visitor();
    await stranger.goto(`/spectate/${room}`);
    await stranger.getByRole('heading', { name: /Tide and time tables/ }).waitFor();
    await open(host, '?settings=access');
    await host.getByLabel(/Let strangers watch live/).uncheck();
    await host.getByText('Nothing. They may join, and see it from a seat.').waitFor();
    await picture(host, 'rooms-settings-access');
    await host.getByRole('button', { name: 'Save changes' }).click();
    await stranger.getByText('This broadcast has ended').waitFor();
    await host.getByLabel(/Let strangers watch live/).check();
    await host.getByRole('button', { name: 'Save changes' }).click();
    await host.getByText('Watch it as they do').waitFor();
    await stranger.context().close();
  });

  it('shows everybody how the room is set, and says to whom may not why not', async () => {
    await open(other, '?settings=conversation');
    await other.getByText('You cannot change this. Ask ada, who hosts the room.').waitFor();
    expect(await other.getByLabel('Slow mode').isDisabled()).toBe(true);
  });

  it('gives a role, whose powers are there in the other browser without a reload', async () => {
    await open(host, '?work=members');
    await open(other, '?work=members');
    expect(await other.getByRole('link', { name: 'Banned people' }).count()).toBe(0);
    await choose('lin', 'Moderator', 'menuitemradio');
    await member(other, 'lin').getByText('moderator').waitFor();
    await other.getByRole('link', { name: 'Banned people' }).waitFor();
    await choose('lin', 'Member', 'menuitemradio');
    await other.getByRole('link', { name: 'Banned people' }).waitFor({ state: 'detached' });
  });

  it('mutes for a while: the other sees why they cannot write, and can again as soon as it is lifted', async () => {
    await choose('lin', 'Mute for 10 minutes');
    await other.getByText(/You are muted until/).waitFor();
    await member(host, 'lin').getByText('muted').waitFor();
    await picture(other, 'rooms-muted');
    await choose('lin', 'Let them speak again');
    await other.getByText(/You are muted until/).waitFor({ state: 'detached' });
  });

  it('keeps a record of it all, filtered by what was done', async () => {
    await open(host, '?settings=audit');
    await host
      .getByText(/ada gave a role to lin/)
      .first()
      .waitFor();
    await host.getByRole('combobox').selectOption('member.muted');
    await host.waitForURL(/action=member\.muted/);
    await host.getByText(/ada muted lin/).waitFor();
    await host
      .getByText(/ada gave a role to lin/)
      .first()
      .waitFor({ state: 'detached' });
    await picture(host, 'rooms-audit');
  });

  it('removes somebody by name, who finds their way back by an invitation that lets in one', async () => {
    await open(host, '?work=members');
    await choose('lin', 'Remove lin');
    await host.getByRole('alertdialog', { name: 'Remove lin from the room?' }).waitFor();
    await host.getByRole('button', { name: 'Remove lin' }).click();
    await other.getByText('You are no longer in this room').waitFor();
    await picture(other, 'rooms-removed');

    await open(host, '?settings=invitations');
    await host.getByLabel('It lets in').selectOption({ label: 'One person' });
    await host.getByRole('button', { name: 'Make the link' }).click();
    const link = (await host.getByRole('textbox', { name: 'the invitation link' }).textContent()) ?? '';
    await host.getByRole('list', { name: 'Links' }).getByText('0 of 1 used').waitFor();
    await other.goto(new URL(link).pathname);
    await picture(other, 'rooms-invitation');
    await other.getByRole('button', { name: 'Join the room' }).click();
    await other.waitForURL(/\/rooms\//);
    await host.reload();
    await host.getByText('Used up').waitFor();
    await picture(host, 'rooms-invitations');
  });

  it('invites by name: the invited find it in their lobby, and are in with one press', async () => {
    await host.getByLabel('User name').fill('sol');
    await host.getByRole('button', { name: 'Invite', exact: true }).click();
    await host.getByRole('list', { name: 'Invited people' }).getByText('sol', { exact: true }).waitFor();
    const invited = await product.visitor({ width: 360, height: 780 });
    await invited.goto('/sign-in');
    await invited.getByLabel('User name or e-mail').fill('sol');
    await invited.getByLabel('Password', { exact: true }).fill('correct horse battery');
    await invited.getByRole('button', { name: 'Sign in', exact: true }).click();
    await invited.getByText(/ada invites you to/).waitFor();
    await picture(invited, 'rooms-invited-360');
    await invited.getByRole('button', { name: 'Join Tide and time tables' }).click();
    await invited.getByRole('heading', { name: /Tide and time tables/ }).waitFor();
    await invited.context().close();
  });

  it('bans with a reason: out at once, kept out, and let in again when it is lifted', async () => {
    await open(host, '?work=members');
    await choose('lin', /^Ban lin/);
    await host.getByLabel('Reason').fill('Sold things');
    await picture(host, 'rooms-ban');
    await host.getByRole('dialog').getByRole('button', { name: 'Ban lin' }).click();
    await other.getByText('You are banned from this room').waitFor();
    await open(host, '?settings=bans');
    await host.getByText(/Sold things/).waitFor();
    await host.getByRole('button', { name: 'Unban lin' }).click();
    await host.getByRole('alertdialog').getByRole('button', { name: 'Unban lin' }).click();
    await host.getByText('Nobody is banned from this room.').waitFor();
    await other.goto(`/rooms/${room}`);
    await other.getByRole('button', { name: 'Join the room' }).click();
    await other.getByRole('heading', { name: /Tide and time tables/ }).waitFor();
  });

  it('archives the room and opens it again, before everybody’s eyes', async () => {
    await open(host, '?settings=danger');
    await host.getByRole('button', { name: 'Archive', exact: true }).click();
    await host.getByRole('button', { name: 'Archive Tide and time tables' }).click();
    await other.getByText(/This room was archived/).waitFor();
    await picture(other, 'rooms-archived');
    await host.goto('/?scope=mine&archived=true');
    await host.getByRole('heading', { name: /Tide and time tables/ }).waitFor();
    await open(host);
    await host.getByRole('button', { name: 'Open it again' }).click();
    await other.getByText(/This room was archived/).waitFor({ state: 'detached' });
  });

  it('hands the room over to a member, who is its host from then on', async () => {
    await open(host, '?settings=danger');
    await host.getByRole('button', { name: 'Hand over' }).click();
    await host.getByLabel('Who hosts it from now on').selectOption({ label: 'lin' });
    const handOver = host.getByRole('button', { name: 'Hand it over to lin' });
    expect(await handOver.isDisabled()).toBe(true);
    await host.getByLabel(/to confirm/).fill('Tide and time tables');
    await picture(host, 'rooms-hand-over');
    await handOver.click();
    await host.getByText('lin hosts Tide and time tables now.').waitFor();
    await open(other, '?work=members');
    await member(other, 'lin').getByText('host').waitFor();
    await host.getByText('You cannot change this. Ask lin, who hosts the room.').waitFor();
  });

  it('finds rooms by language, topic and order, all kept in the address', async () => {
    await ada.makeRoom({ name: 'Reef', visibility: 'public', language: 'go', topics: ['storage'] });
    const visitor = await product.visitor();
    await visitor.goto('/');
    await visitor.getByRole('heading', { name: 'Reef' }).waitFor();
    await visitor.getByLabel('Language').selectOption('rust');
    await visitor.waitForURL(/language=rust/);
    await visitor.getByRole('heading', { name: 'Reef' }).waitFor({ state: 'detached' });
    await visitor.getByRole('heading', { name: /Tide and time tables/ }).waitFor();
    await visitor.getByRole('link', { name: 'storage' }).first().click();
    await visitor.getByText('No room is like that').waitFor();
    await visitor.getByRole('link', { name: 'Show every room' }).click();
    await visitor.getByLabel('Order').selectOption('newest');
    await visitor.waitForURL(/sort=newest/);
    await visitor.reload();
    await visitor.getByRole('heading', { level: 2 }).first().waitFor();
    expect(await visitor.getByRole('heading', { level: 2 }).first().textContent()).toContain('Reef');
    await picture(visitor, 'rooms-lobby');
    await visitor.context().close();
  });

  it('filters the activity, and leads a link to the very entry', async () => {
    await open(host, '?work=activity');
    await host.getByLabel('Kind').selectOption('people');
    await host.waitForURL(/kind=people/);
    const panel = host.getByRole('complementary', { name: 'Work' });
    await panel.getByText(/lin is now the host/).waitFor();
    expect(await panel.getByText(/made the room/).count()).toBe(0);
    await host.goto(`/rooms/${room}?work=activity&at=1`);
    await panel
      .locator('.linked')
      .getByText(/made the room/)
      .waitFor();
    await picture(host, 'rooms-activity');
  });

  it('wrote no error to any console', () => {
    const refusedRequests = /Failed to load resource: the server responded with a status of 4\d\d/;
    expect(product.consoleErrors.filter((error) => !refusedRequests.test(error))).toEqual([]);
  });
});
