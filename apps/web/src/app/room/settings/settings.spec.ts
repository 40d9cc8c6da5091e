import { TestBed } from '@angular/core/testing';
import { ABILITIES, USUAL_AGENT_LIMITS } from '@clawtank/contracts';
import { JONAS, MARA, ROOM_ID, aMember, aRoom, anEvent } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { button, freshPage, page, render, update, words } from '../testing/render';
import { AccessSection } from './access-section';
import { AgentsSection } from './agents-section';
import { AuditSection } from './audit-section';
import { BansSection } from './bans-section';
import { ConversationSection } from './conversation-section';
import { DangerSection } from './danger-section';
import { GeneralSection } from './general-section';
import { InvitationsSection } from './invitations-section';

let room: OpenRoom;
type Fixture = Parameters<typeof page>[0];

beforeEach(() => {
  freshPage();
  room = new OpenRoom();
});

afterEach(() => document.querySelectorAll('.cdk-overlay-container').forEach((overlay) => overlay.remove()));

const asHost = () => aRoom({ abilities: [...ABILITIES] });

function field<T extends HTMLElement = HTMLInputElement>(fixture: Fixture, label: string): T {
  const labels = [...page(fixture).querySelectorAll('label')];
  const found = labels.find((one) => words(one).startsWith(label));
  const control = found?.htmlFor ? document.getElementById(found.htmlFor) : found?.querySelector('input, select');
  return (control ?? page(fixture).querySelector(`[aria-label="${label}"]`)) as T;
}

function type(input: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

describe('the room’s settings', () => {
  it('save the words of a room, its topics as chips', async () => {
    await room.open(asHost());
    const fixture = await render(room, GeneralSection);
    document.body.append(page(fixture));
    type(field(fixture, 'Name'), 'Reef');
    type(field(fixture, 'Language'), 'rust');
    type(field(fixture, 'Topics'), 'Web Sockets,');
    await update(room, fixture);
    expect(button(fixture, 'Take out web-sockets')).toBeDefined();
    button(fixture, 'Save changes')?.click();
    await update(room, fixture);
    const request = room.http.expectOne(`/api/rooms/${ROOM_ID}`);
    expect(request.request.body).toEqual({
      name: 'Reef',
      description: 'Signal lights',
      language: 'rust',
      topics: ['web-sockets'],
    });
  });

  it('follow what another saves, but never take away what is being typed for a change elsewhere', async () => {
    await room.open(asHost());
    const fixture = await render(room, GeneralSection);
    document.body.append(page(fixture));
    const renamed = { ...asHost().room, name: 'Harbour lights' };
    room.hear(anEvent(11, 'room.updated', { room: renamed }, JONAS));
    await update(room, fixture);
    expect(field(fixture, 'Name').value).toBe('Harbour lights');
    type(field(fixture, 'Name'), 'Lighthouse');
    const slowed = { ...renamed, settings: { ...renamed.settings, slowModeSeconds: 30 } };
    room.hear(anEvent(12, 'room.updated', { room: slowed }, JONAS));
    await update(room, fixture);
    expect(field(fixture, 'Name').value).toBe('Lighthouse');
  });

  it('can be read by whom nothing is allowed, with the reason and whom to ask', async () => {
    await room.open(aRoom({ abilities: ['read', 'chat'], members: [aMember(MARA), aMember(JONAS, { role: 'host' })] }));
    const fixture = await render(room, ConversationSection);
    expect(words(page(fixture))).toContain('You cannot change this. Ask jonas, who hosts the room.');
    expect(field<HTMLSelectElement>(fixture, 'Slow mode').disabled).toBe(true);
    expect(button(fixture, 'Save changes')).toBeUndefined();
  });

  it('hold all agents to limits, name the field that is wrong, and go back to the usual ones', async () => {
    await room.open(asHost());
    const fixture = await render(room, AgentsSection);
    document.body.append(page(fixture));
    expect(button(fixture, 'Back to the usual limits')).toBeUndefined();
    type(field(fixture, 'Tasks held at once'), '51');
    await update(room, fixture);
    button(fixture, 'Save the limits')?.click();
    await update(room, fixture);
    const wrong = field(fixture, 'Tasks held at once');
    expect(wrong.getAttribute('aria-invalid')).toBe('true');
    expect(words(document.getElementById(wrong.getAttribute('aria-describedby')!))).toMatch(/50/);
    type(wrong, '2');
    await update(room, fixture);
    button(fixture, 'Save the limits')?.click();
    await update(room, fixture);
    const agentLimits = { ...USUAL_AGENT_LIMITS, parallelTasks: 2 };
    const request = room.http.expectOne(`/api/rooms/${ROOM_ID}`);
    expect(request.request.body).toEqual({ settings: { agentLimits } });
    request.flush({});

    const held = asHost().room;
    room.hear(anEvent(11, 'room.updated', { room: { ...held, settings: { ...held.settings, agentLimits } } }, JONAS));
    await update(room, fixture);
    type(field(fixture, 'Messages an hour'), '7');
    await update(room, fixture);
    const renamed = { ...held, name: 'Elsewhere', settings: { ...held.settings, agentLimits: { ...agentLimits } } };
    room.hear(anEvent(12, 'room.updated', { room: renamed }, JONAS));
    await update(room, fixture);
    expect(field(fixture, 'Messages an hour').value).toBe('7');
    button(fixture, 'Back to the usual limits')?.click();
    await update(room, fixture);
    expect(room.http.expectOne(`/api/rooms/${ROOM_ID}`).request.body).toEqual({
      settings: { agentLimits: USUAL_AGENT_LIMITS },
    });
  });

  it('show what agents are held to to whom nothing is allowed', async () => {
    await room.open(aRoom({ abilities: ['read'], members: [aMember(MARA), aMember(JONAS, { role: 'host' })] }));
    const fixture = await render(room, AgentsSection);
    document.body.append(page(fixture));
    expect(field(fixture, 'Tasks held at once').value).toBe('3');
    expect(field(fixture, 'Tasks held at once').disabled).toBe(true);
    expect(button(fixture, 'Save the limits')).toBeUndefined();
  });

  it('keep a slow mode that was set in another way among the choices', async () => {
    const slowed = asHost();
    await room.open({
      ...slowed,
      room: { ...slowed.room, settings: { ...slowed.room.settings, slowModeSeconds: 90 } },
    });
    const fixture = await render(room, ConversationSection);
    const select = field<HTMLSelectElement>(fixture, 'Slow mode');
    expect(words(select.selectedOptions[0])).toBe('1 minute 30 seconds');
  });

  it('show beside the switches what strangers would see, before anything is saved', async () => {
    await room.open(asHost());
    const fixture = await render(room, AccessSection);
    const side = () => words(page(fixture).querySelector('ct-public-side'));
    expect(side()).toContain('What is said, unless it is marked for members only');
    const watch = field(fixture, 'Let strangers watch live');
    watch.click();
    await update(room, fixture);
    expect(side()).toContain('once saved');
    expect(side()).toContain('Nothing. They may join');
    page(fixture).querySelector<HTMLInputElement>('input[value=private]')?.click();
    await update(room, fixture);
    expect(side()).toContain('There is no such room');
    expect(words(page(fixture).querySelector('[role=status]'))).toContain('cut off at once');
  });

  it('let somebody banned come back only after naming them', async () => {
    await room.open(asHost());
    const fixture = await render(room, BansSection);
    room.http.expectOne(`/api/rooms/${ROOM_ID}/bans`).flush([
      {
        user: { id: 'sol', name: 'sol' },
        bannedBy: { id: 'mara', name: 'mara' },
        reason: 'Spam',
        createdAt: new Date().toISOString(),
      },
    ]);
    await update(room, fixture);
    expect(words(page(fixture))).toContain('Spam');
    button(fixture, 'Unban sol')?.click();
    await update(room, fixture);
    [...document.querySelectorAll('button')].find((one) => words(one) === 'Unban sol')?.click();
    await update(room, fixture);
    room.http.expectOne({ method: 'DELETE', url: `/api/rooms/${ROOM_ID}/bans/sol` }).flush(null);
    await update(room, fixture);
    expect(words(page(fixture))).toContain('Nobody is banned');
  });

  it('tell of the audit log who did what to whom, page by page', async () => {
    await room.open(asHost());
    const fixture = await render(room, AuditSection);
    const entry = (id: string, action: string, details: object) => ({
      id,
      at: new Date().toISOString(),
      action,
      actor: MARA,
      target: 'jonas',
      details,
    });
    room.http.expectOne(`/api/rooms/${ROOM_ID}/audit`).flush({
      entries: [entry('1', 'role.assigned', { userId: 'jonas', from: 'member', to: 'moderator' })],
      nextCursor: 'further',
    });
    await update(room, fixture);
    expect(words(page(fixture).querySelector('ol'))).toMatch(/mara gave a role to jonas\s*member → moderator/);
    button(fixture, 'Show older')?.click();
    room.http
      .expectOne(`/api/rooms/${ROOM_ID}/audit?cursor=further`)
      .flush({ entries: [entry('2', 'member.muted', { minutes: 10 })], nextCursor: null });
    await update(room, fixture);
    expect(words(page(fixture).querySelector('ol'))).toMatch(/mara muted jonas\s*for 10 minutes/);
    expect(button(fixture, 'Show older')).toBeUndefined();
  });

  it('make a link for so many people and so long, and list what became of the others', async () => {
    await room.open(asHost());
    const fixture = await render(room, InvitationsSection);
    const link = (changes: object) => ({
      id: 'one',
      createdBy: 'mara',
      createdByName: 'mara',
      createdAt: new Date().toISOString(),
      expiresAt: new Date(Date.now() + 7 * 86_400_000).toISOString(),
      uses: 0,
      maxUses: null,
      revokedAt: null,
      ...changes,
    });
    room.http.expectOne(`/api/rooms/${ROOM_ID}/invitations/people`).flush([]);
    room.http
      .expectOne({ method: 'GET', url: `/api/rooms/${ROOM_ID}/invitations` })
      .flush([link({ id: 'full', uses: 5, maxUses: 5 })]);
    await update(room, fixture);
    expect(words(page(fixture).querySelector('[aria-label=Links]'))).toContain('5 of 5 used Used up');
    const who = field<HTMLSelectElement>(fixture, 'It lets in');
    who.value = '5';
    who.dispatchEvent(new Event('change'));
    button(fixture, 'Make the link')?.click();
    const request = room.http.expectOne({ method: 'POST', url: `/api/rooms/${ROOM_ID}/invitations` });
    expect(request.request.body).toEqual({ uses: 5, expiresInHours: 168 });
    request.flush({ invitation: link({ maxUses: 5 }), token: 't', url: 'http://here/join/t' });
    await update(room, fixture);
    expect(words(page(fixture))).toContain('Lets in 5 people');
    expect(words(page(fixture).querySelector('[aria-label=Links]'))).toContain('0 of 5 used');
  });

  it('archive a room only after naming it, and open it again with one press', async () => {
    await room.open(asHost());
    const fixture = await render(room, DangerSection);
    button(fixture, 'Archive')?.click();
    await update(room, fixture);
    [...document.querySelectorAll('button')].find((one) => words(one) === 'Archive Harbour')?.click();
    await update(room, fixture);
    room.http.expectOne(`/api/rooms/${ROOM_ID}/archive`).flush({});
    const archivedAt = new Date().toISOString();
    room.hear(anEvent(11, 'room.updated', { room: { ...asHost().room, archivedAt } }, MARA));
    await update(room, fixture);
    button(fixture, 'Open again')?.click();
    TestBed.tick();
    room.http.expectOne(`/api/rooms/${ROOM_ID}/unarchive`).flush({});
  });
});
