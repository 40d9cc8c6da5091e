import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { openIssues } from './issues.js';
import { Person } from './people.js';
import type { Product } from './product.js';

/** A product with something of everything in it. */
export interface World {
  readonly host: Person;
  readonly member: Person;
  readonly outsider: Person;
  readonly banned: Person;
  readonly room: string;
  readonly archived: string;
  readonly full: string;
  readonly hidden: string;
  /** Works on a repository elsewhere, with issues, tasks that meet, and words that ask for work. */
  readonly busy: string;
  readonly invitation: string;
  readonly agentId: string;
}

export async function makeWorld({ url }: Product): Promise<World> {
  const [host, member, outsider, banned] = [
    await Person.register(url, 'mara'),
    await Person.register(url, 'jonas'),
    await Person.register(url, 'sol'),
    await Person.register(url, 'vex'),
  ];
  const room = await host.makeRoom({
    name: 'Harbour',
    description: 'Signal lights for small ports, from the first sketch to the last bulb',
    visibility: 'public',
    language: 'typescript',
    topics: ['embedded', 'web-sockets'],
  });
  const archived = await host.makeRoom({ name: 'Old pier', visibility: 'public' });
  const full = await host.makeRoom({ name: 'Rock pool', visibility: 'public', settings: { maxMembers: 1 } });
  const hidden = await host.makeRoom({ name: 'Under the rock' });
  for (const person of [member, banned]) {
    await person.ask('POST', `/api/rooms/${room}/join`, {});
  }
  const { agent } = await host.ask<{ agent: { id: string } }>('POST', '/api/agents', {
    name: 'otter',
    description: 'Writes small files',
  });
  await host.ask('POST', `/api/rooms/${room}/agents/${agent.id}`, {});
  await talk(host, member, room);
  await host.does('create_task', {
    roomId: room,
    description: 'Write docs/lights.md',
    title: 'Write the manual',
  });
  const busy = await makeBusyRoom(host, member);
  const { url: link } = await host.ask<{ url: string }>('POST', `/api/rooms/${room}/invitations`, { uses: 5 });
  await host.ask('POST', `/api/rooms/${room}/invitations/people`, { username: outsider.name });
  await host.ask('PUT', `/api/rooms/${room}/members/${member.id}/mute`, { minutes: 60 });
  await host.ask('POST', `/api/rooms/${room}/bans`, { userId: banned.id, reason: 'Sold things nobody wanted' });
  await host.ask('POST', `/api/rooms/${archived}/archive`, {});
  return {
    ...{ host, member, outsider, banned, room, archived, full, hidden, busy },
    invitation: new URL(link).pathname,
    agentId: agent.id,
  };
}

async function talk(host: Person, member: Person, room: string): Promise<void> {
  await member.says(
    room,
    'Which way does the **second** lamp face? See <https://example.org/lamps>.',
    '| lamp | colour |\n| --- | --- |\n| port | red |\n| starboard | green |\n\n- [x] wired\n- [ ] tested',
    '```ts\nconst lamp: Lamp = { colour: "red" }; // port side\n```',
  );
  await host.says(room, '@jonas towards the *open* sea. `lamp.turn(180)` does it :lighthouse:');
}

async function makeBusyRoom(host: Person, member: Person): Promise<string> {
  const room = await host.makeRoom({ name: 'Lighthouse', visibility: 'public', topics: ['embedded'] });
  await member.ask('POST', `/api/rooms/${room}/join`, {});
  await openIssues(host, room, [
    { title: 'The lamp does not turn after a power cut, and nobody hears of it until the morning', labels: ['bug'] },
    { title: 'Say in the manual how to clean the lens', labels: ['good first issue', 'documentation'] },
  ]);
  const tasks = [
    { title: 'Turn the lamp', description: 'Let it turn', paths: ['src/lamp/motor.ts', 'docs/lamp.md'] },
    { title: 'Clean the lens', description: 'Let it shine by Friday', paths: ['src/lamp/**'] },
  ];
  for (const task of tasks) {
    await host.does('create_task', { roomId: room, ...task });
  }
  await member.says(room, 'could somebody fix the flaky lamp test?');
  return room;
}

/** A page, or a state of one. `as`: who looks at it; nobody has no account. */
export interface Place {
  readonly name: string;
  readonly as: 'nobody' | 'host' | 'member' | 'outsider' | 'banned';
  readonly address: (world: World) => string;
  /** Words by which one knows that it is there. */
  readonly sign: RegExp;
  /** What is done there before it is looked at. */
  readonly then?: (page: Page) => Promise<unknown>;
  /** What was done does not outlast a window that changes its size: it is done again. */
  readonly isFleeting?: boolean;
  /** There only where there is room for it; a phone has a page instead. */
  readonly isWide?: boolean;
}

const press = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click();
const inRoom =
  (query = '') =>
  ({ room }: World) =>
    `/rooms/${room}${query}`;
const inBusyRoom =
  (query: string = '') =>
  ({ busy }: World) =>
    `/rooms/${busy}${query}`;
const agentPage = ({ agentId }: World) => `/agents/${agentId}`;
const watchPage = ({ room, agentId }: World) => `/rooms/${room}?agent=${agentId}`;
const settings = (section: string, sign: RegExp, as: Place['as'] = 'host'): Place => ({
  name: `settings ${section}${as === 'host' ? '' : ` for a ${as}`}`,
  as,
  address: inRoom(`?settings=${section}`),
  sign,
});
const menuOf = (name: string, item: RegExp) => async (page: Page) => {
  await page.getByText(name, { exact: true }).last().hover();
  await page.getByRole('button', { name: `More about ${name}` }).click({ force: true });
  await page.getByRole('menuitem', { name: item }).first().click();
};

// Every page and state that is held to being accessible is in one of two lists. Whoever adds a page adds a line.

export const PLACES_AROUND_ROOMS: readonly Place[] = [
  { name: 'lobby, signed out', as: 'nobody', address: () => '/', sign: /Harbour/ },
  { name: 'lobby, nothing found', as: 'nobody', address: () => '/?search=nothing', sign: /No room is like that/ },
  { name: 'sign in', as: 'nobody', address: () => '/sign-in', sign: /Password/ },
  { name: 'register', as: 'nobody', address: () => '/register', sign: /User name/ },
  { name: 'setup with a wrong link', as: 'nobody', address: () => '/setup?token=wrong', sign: /Set up|link/i },
  { name: 'nothing here', as: 'nobody', address: () => '/no/such/page', sign: /lobby/i },
  { name: 'invitation, signed out', as: 'nobody', address: ({ invitation }) => invitation, sign: /invites you to/ },
  { name: 'invitation that ended', as: 'nobody', address: () => '/join/nothing-of-the-kind', sign: /does not work/ },
  { name: 'spectate', as: 'nobody', address: ({ room }) => `/spectate/${room}`, sign: /second/ },
  { name: 'spectate nothing', as: 'nobody', address: ({ hidden }) => `/spectate/${hidden}`, sign: /nothing to watch/ },
  { name: 'profile', as: 'nobody', address: ({ host }) => `/users/${host.id}`, sign: /mara/ },
  { name: 'own settings, signed out', as: 'nobody', address: () => '/settings', sign: /Theme/i },

  { name: 'lobby with an invitation', as: 'outsider', address: () => '/', sign: /invites you to/ },
  { name: 'own rooms', as: 'host', address: () => '/?scope=mine', sign: /Under the rock/ },
  { name: 'archived rooms', as: 'host', address: () => '/?scope=mine&archived=true', sign: /Old pier/ },
  { name: 'new room', as: 'host', address: () => '/rooms/new', sign: /Make the room/ },
  { name: 'inbox', as: 'host', address: () => '/notifications', sign: /Inbox/ },
  { name: 'inbox with an invitation', as: 'outsider', address: () => '/notifications', sign: /invites you to/ },
  { name: 'search', as: 'host', address: () => '/search', sign: /Search messages/ },
  { name: 'search results', as: 'host', address: () => '/search?q=lamp', sign: /second/ },
  {
    name: 'notifications',
    as: 'host',
    address: () => '/',
    sign: /Harbour/,
    then: press(/^Notifications/),
    isFleeting: true,
    isWide: true,
  },
  {
    name: 'switcher',
    as: 'host',
    address: () => '/',
    sign: /Harbour/,
    then: (page) => page.keyboard.press('ControlOrMeta+k'),
  },
  { name: 'shortcuts', as: 'host', address: () => '/', sign: /Harbour/, then: (page) => page.keyboard.press('?') },
  {
    name: 'direct messages',
    as: 'host',
    address: ({ room, member }) => `/rooms/${room}/direct/${member.id}`,
    sign: /jonas/,
  },
  { name: 'agents', as: 'host', address: () => '/agents', sign: /otter/ },
  { name: 'no agents yet', as: 'member', address: () => '/agents', sign: /Make an agent/ },
  { name: 'new agent', as: 'host', address: () => '/agents', sign: /otter/, then: press('New agent') },
  { name: 'agent', as: 'host', address: agentPage, sign: /Three steps to its first task/ },
  { name: 'agent of another', as: 'member', address: agentPage, sign: /You have no such agent/ },
  {
    name: 'agent, limits for a room',
    as: 'host',
    address: agentPage,
    sign: /Tasks held now/,
    then: press('Set limits for Harbour'),
  },
  {
    name: 'agent, replacing its token',
    as: 'host',
    address: agentPage,
    sign: /Signing keys/,
    then: press('Replace the token'),
  },
  { name: 'own settings', as: 'host', address: () => '/settings', sign: /Theme/i },

  { name: 'no such room', as: 'host', address: () => `/rooms/${crypto.randomUUID()}`, sign: /There is no such room/ },
  { name: 'room without a seat', as: 'outsider', address: inRoom(), sign: /You have no seat/ },
  { name: 'full room', as: 'outsider', address: ({ full }) => `/rooms/${full}`, sign: /seats is taken/ },
  { name: 'room one is banned from', as: 'banned', address: inRoom(), sign: /banned|no seat/ },
  { name: 'archived room', as: 'host', address: ({ archived }) => `/rooms/${archived}`, sign: /was archived/ },
];

export const PLACES_IN_ROOMS: readonly Place[] = [
  { name: 'room', as: 'host', address: inRoom(), sign: /second/ },
  { name: 'room, muted', as: 'member', address: inRoom(), sign: /You are muted/ },
  { name: 'tasks', as: 'host', address: inRoom('?work=tasks'), sign: /Write the manual/ },
  { name: 'task', as: 'host', address: inRoom('?task=1'), sign: /docs\/lights\.md/ },
  { name: 'change a task', as: 'host', address: inRoom('?task=1'), sign: /docs\/lights\.md/, then: press('Change it') },
  { name: 'board', as: 'host', address: inRoom('/board'), sign: /Write the manual/ },
  { name: 'board for a member', as: 'member', address: inRoom('/board'), sign: /Write the manual/ },
  { name: 'board, nothing found', as: 'host', address: inRoom('/board?text=anchor'), sign: /No task is like that/ },
  { name: 'board and a task', as: 'host', address: inRoom('/board?task=1'), sign: /docs\/lights\.md/ },
  { name: 'board without tasks', as: 'host', address: ({ full }) => `/rooms/${full}/board`, sign: /No task yet/ },
  {
    name: 'board, a card picked up',
    as: 'host',
    address: inRoom('/board'),
    sign: /Write the manual/,
    then: press(/^Move task 1/),
  },
  {
    name: 'board, where a card can go',
    as: 'host',
    address: inRoom('/board'),
    sign: /Write the manual/,
    then: press(/^Where task 1 can go/),
    isFleeting: true,
  },
  {
    name: 'board with issues',
    as: 'host',
    address: inBusyRoom('/board'),
    sign: /From GitHub: 2 open issues/,
    then: (page) => page.getByText(/From GitHub/).click(),
  },
  { name: 'tasks that meet', as: 'host', address: inBusyRoom('?work=tasks'), sign: /may touch the same files as #/ },
  {
    name: 'a task that meets another',
    as: 'host',
    address: inBusyRoom('?task=2'),
    sign: /may touch the same files as/,
  },
  { name: 'words that ask for work', as: 'member', address: inBusyRoom(), sign: /Make this a task\?/ },
  {
    name: 'new task, what its words suggest',
    as: 'host',
    address: inBusyRoom('?work=tasks'),
    sign: /Clean the lens/,
    then: async (page) => {
      await press('New task')(page);
      await page.getByLabel('What should be done?').fill('Paint the tower by Friday, urgent');
      await page.getByRole('button', { name: /from “urgent”/ }).click();
    },
  },
  { name: 'pull requests', as: 'host', address: inRoom('?work=pulls'), sign: /pull request/i },
  { name: 'activity', as: 'host', address: inRoom('?work=activity'), sign: /made the room/ },
  { name: 'activity, one entry', as: 'host', address: inRoom('?work=activity&at=2'), sign: /made the room/ },
  { name: 'members', as: 'host', address: inRoom('?work=members'), sign: /Invited/ },
  { name: 'watch an agent', as: 'host', address: watchPage, sign: /It holds no task/ },
  { name: 'watch nobody', as: 'host', address: inRoom(`?agent=${randomUUID()}`), sign: /This agent has no seat here/ },
  {
    name: 'limits of an agent',
    as: 'host',
    address: inRoom('?work=members'),
    sign: /Invited/,
    then: menuOf('otter', /^Limits/),
  },
  {
    name: 'menu of a member',
    as: 'host',
    address: inRoom('?work=members'),
    sign: /Invited/,
    then: async (page) => page.getByRole('button', { name: 'More about jonas' }).click({ force: true }),
    isFleeting: true,
  },
  {
    name: 'ban',
    as: 'host',
    address: inRoom('?work=members'),
    sign: /Invited/,
    then: menuOf('jonas', /^Ban/),
  },
  {
    name: 'hand over',
    as: 'host',
    address: inRoom('?work=members'),
    sign: /Invited/,
    then: menuOf('jonas', /^Hand/),
  },
  { name: 'invite', as: 'host', address: inRoom(), sign: /second/, then: press('Invite people') },
  { name: 'new task', as: 'host', address: inRoom('?work=tasks'), sign: /Write the manual/, then: press('New task') },
  {
    name: 'bring an agent',
    as: 'host',
    address: inRoom('?work=members'),
    sign: /Invited/,
    then: press('Bring an agent'),
  },
  {
    name: 'menu of the room',
    as: 'host',
    address: inRoom(),
    sign: /second/,
    then: press('More about this room'),
    isFleeting: true,
  },
  settings('general', /Purpose/),
  settings('access', /What strangers see/),
  settings('invitations', /0 of 5 used/),
  settings('conversation', /Slow mode/),
  settings('work', /Merge approved work/),
  settings('agents', /Which files its work may touch/),
  settings('bans', /Sold things/),
  settings('audit', /made the room/),
  settings('danger', /Hand the room over/),
  settings('general', /You cannot change this/, 'member'),
  {
    ...settings('danger', /Hand the room over/),
    name: 'delete, typing the name',
    then: press('Delete'),
  },
];
