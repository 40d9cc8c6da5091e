import { TestBed } from '@angular/core/testing';
import type { Ability } from '@clawtank/contracts';
import { JONAS, MARA, OTTER, ROOM_ID, aMember, aRoom, aTask, anEvent } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { button, freshPage, page, render, update, words } from '../testing/render';
import { MembersTab } from './members-tab';

const MODERATES: readonly Ability[] = ['read', 'chat', 'direct_message', 'remove_member', 'ban_member', 'mute_member'];
const HOSTS: readonly Ability[] = [...MODERATES, 'assign_role', 'transfer_room'];

let room: OpenRoom;

beforeEach(() => {
  freshPage();
  room = new OpenRoom();
});

afterEach(() => document.querySelectorAll('.cdk-overlay-container').forEach((overlay) => overlay.remove()));

/** Opens the menu of a member and gives what it offers. */
function offersFor(name: string, fixture: Parameters<typeof page>[0]): string[] {
  button(fixture, `More about ${name}`)?.click();
  TestBed.tick();
  return [...document.querySelectorAll('[cdkMenu] .item')].map(words);
}

function choose(offer: string): void {
  const item = [...document.querySelectorAll<HTMLElement>('[cdkMenu] .item')].find((one) => words(one) === offer);
  item?.click();
  TestBed.tick();
}

describe('the members', () => {
  it('offer only to talk where the server allows no more', async () => {
    await room.open(
      aRoom({
        abilities: ['read', 'chat', 'direct_message'],
        members: [aMember(MARA), aMember(JONAS, { role: 'host' }), aMember(OTTER, { userId: 'jonas' })],
      }),
    );
    const fixture = await render(room, MembersTab);
    expect(offersFor('jonas', fixture)).toEqual(['Message jonas', 'Profile']);
    expect(document.querySelector('[cdkMenu] a')?.getAttribute('href')).toBe(`/rooms/${ROOM_ID}/direct/jonas`);
  });

  it('let one have one’s own agent rest, or take it out, without any privilege', async () => {
    await room.open(aRoom({ abilities: ['read', 'chat'], members: [aMember(MARA), aMember(OTTER)] }));
    const fixture = await render(room, MembersTab);
    expect(offersFor('otter', fixture)).toEqual([
      'Watch it work',
      'Limits…',
      'Look after it',
      'Have it rest',
      'Take out otter',
    ]);
  });

  it('let a moderator act upon those below, but not upon the host or another moderator', async () => {
    const sol = { type: 'human', id: 'sol', name: 'sol' } as const;
    const ines = { type: 'human', id: 'ines', name: 'ines' } as const;
    await room.open(
      aRoom({
        abilities: [...MODERATES],
        members: [
          aMember(MARA, { role: 'moderator' }),
          aMember(JONAS),
          aMember(sol, { role: 'host' }),
          aMember(ines, { role: 'moderator' }),
        ],
      }),
    );
    const fixture = await render(room, MembersTab);
    expect(offersFor('sol', fixture)).toEqual(['Message sol', 'Profile']);
    document.body.click();
    expect(offersFor('ines', fixture)).not.toContain('Remove ines');
    document.body.click();
    expect(offersFor('jonas', fixture)).toEqual(
      expect.arrayContaining(['Mute for 10 minutes', 'Remove jonas', 'Ban jonas…']),
    );
  });

  it('give a role with one choice, and show it when the room has it', async () => {
    await room.open(aRoom({ abilities: [...HOSTS] }));
    const fixture = await render(room, MembersTab);
    expect(offersFor('jonas', fixture)).toContain('Moderator');
    choose('Moderator');
    await update(room, fixture);
    const request = room.http.expectOne(`/api/rooms/${ROOM_ID}/members/jonas/role`);
    expect(request.request.method).toBe('PUT');
    expect(request.request.body).toEqual({ role: 'moderator' });
    request.flush({});
    room.hear(anEvent(11, 'member.updated', { member: aMember(JONAS, { role: 'moderator' }), change: 'role' }, MARA));
    await update(room, fixture);
    expect(words(page(fixture).querySelector('[aria-label=People]'))).toMatch(/jonas\s*moderator/);
  });

  it('mute for a while, say so at once for everybody, and offer to take it back', async () => {
    await room.open(aRoom({ abilities: [...HOSTS] }));
    const fixture = await render(room, MembersTab);
    offersFor('jonas', fixture);
    choose('Mute for an hour');
    const request = room.http.expectOne(`/api/rooms/${ROOM_ID}/members/jonas/mute`);
    expect(request.request.body).toEqual({ minutes: 60 });
    request.flush({});
    const mutedUntil = new Date(Date.now() + 3_600_000).toISOString();
    room.hear(anEvent(11, 'member.updated', { member: aMember(JONAS, { mutedUntil }), change: 'muted' }, MARA));
    await update(room, fixture);
    expect(words(page(fixture).querySelector('[aria-label=People]'))).toMatch(/jonas\s*muted/);
    expect(offersFor('jonas', fixture)).toContain('Let them speak again');
  });

  it('tell of an agent that looks online and does not answer for what it was offered', async () => {
    const offeredAt = new Date(Date.now() - 11_000).toISOString();
    const receipt = { offeredAt, deliveredAt: null, acknowledgedAt: null, wokenAt: null };
    const presence = { otter: { status: 'active' as const, lastSeenAt: null } };
    await room.open(aRoom({ presence, tasks: [aTask({ receipt })] }));
    const fixture = await render(room, MembersTab);
    const agents = () => words(page(fixture).querySelector('[aria-label=Agents]'));
    expect(agents()).toContain('does not answer');
    const acknowledged = { ...receipt, acknowledgedAt: new Date().toISOString() };
    room.hear(anEvent(11, 'task.receipt', { taskId: aTask().id, receipt: acknowledged, updatedAt: offeredAt }, OTTER));
    await update(room, fixture);
    expect(agents()).not.toContain('does not answer');
  });

  it('have an agent rest and go on, by its owner or whoever may mute', async () => {
    await room.open(aRoom({ abilities: [...MODERATES] }));
    const fixture = await render(room, MembersTab);
    expect(offersFor('otter', fixture)).toContain('Have it rest');
    choose('Have it rest');
    room.http.expectOne(`/api/rooms/${ROOM_ID}/agents/otter/pause`).flush({});
    const pausedAt = new Date().toISOString();
    room.hear(anEvent(11, 'member.updated', { member: aMember(OTTER, { pausedAt }), change: 'paused' }, MARA));
    await update(room, fixture);
    expect(words(page(fixture).querySelector('[aria-label=Agents]'))).toMatch(/otter\s*rests/);
    expect(offersFor('otter', fixture)).toContain('Let it go on');
  });

  it('name the person before removing them, and remove nobody when asked to keep them', async () => {
    await room.open(aRoom({ abilities: [...HOSTS] }));
    const fixture = await render(room, MembersTab);
    offersFor('jonas', fixture);
    choose('Remove jonas');
    await update(room, fixture);
    expect(words(document.querySelector('[role=alertdialog] h2'))).toBe('Remove jonas from the room?');
    [...document.querySelectorAll('button')].find((one) => words(one) === 'Keep it as it is')?.click();
    await update(room, fixture);
    room.http.expectNone(`/api/rooms/${ROOM_ID}/members/jonas`);
  });

  it('tell when somebody who is away was last seen', async () => {
    const fiveMinutesAgo = new Date(Date.now() - 5 * 60_000 - 1000).toISOString();
    await room.open(aRoom({ presence: { jonas: { status: 'offline', lastSeenAt: fiveMinutesAgo } } }));
    const fixture = await render(room, MembersTab);
    expect(words(page(fixture))).toContain('last seen 5 min ago');
  });
});
