import { TestBed } from '@angular/core/testing';
import type { SpectatorMessageView } from '@clawtank/contracts';
import { JONAS, ROOM_ID, aMessage, aRoom } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { button, freshPage, page, render, update, words } from '../testing/render';
import { SpectatorsPanel } from './spectators-panel';

const said = (seq: number, changes: Partial<SpectatorMessageView> = {}): SpectatorMessageView => ({
  ...{ id: `said-${seq}`, roomId: ROOM_ID, seq, revision: seq, authorType: 'anonymous', author: 'Nora' },
  ...{ message: `Words ${seq}`, replyTo: null, deletedAt: null, promotedAs: null },
  timestamp: '2026-11-21T12:00:00.000Z',
  ...changes,
});

describe('the chat of those who watch, beside the room', () => {
  let room: OpenRoom;

  async function open(abilities: Parameters<typeof aRoom>[0] = {}) {
    TestBed.resetTestingModule();
    freshPage();
    room = new OpenRoom();
    await room.open(aRoom(abilities));
    const fixture = await render(room, SpectatorsPanel);
    room.http
      .expectOne(`/api/rooms/${ROOM_ID}/spectator-chat?limit=100`)
      .flush({ messages: [said(1), said(2, { author: 'jonas', authorType: 'member' })], hasMore: false, revision: 2 });
    await update(room, fixture);
    return fixture;
  }

  it('offers each what the server lets them do', async () => {
    const member = await open({ abilities: ['read', 'chat', 'promote_spectator_message'] });
    expect(button(member, 'Promote what Nora said')).toBeDefined();
    expect(button(member, 'Delete what Nora said')).toBeUndefined();
    expect(button(member, 'Mute Nora')).toBeUndefined();
    const guest = await open({ abilities: ['read'] });
    expect(button(guest, 'Promote what Nora said')).toBeUndefined();
    expect(page(guest).querySelector('textarea')).toBeNull();
    const moderator = await open({ abilities: ['read', 'chat', 'delete_any_message', 'mute_member'] });
    expect(button(moderator, 'Delete what jonas said')).toBeDefined();
    expect(button(moderator, 'Mute Nora')).toBeDefined();
    expect(button(moderator, 'Mute jonas')).toBeUndefined();
  });

  it('promotes a message once, and leads to it', async () => {
    const fixture = await open({ abilities: ['read', 'promote_spectator_message'] });
    button(fixture, 'Promote what Nora said')?.click();
    expect(room.socket.last('promote_spectator_message').request).toMatchObject({ spectatorMessageId: 'said-1' });
    const author = { type: 'spectator', id: null, name: 'Nora' } as const;
    const message = aMessage(11, { author, promotedBy: JONAS, spectatorMessageId: 'said-1', trust: 'spectator' });
    room.hear(message);
    await update(room, fixture);
    expect(button(fixture, 'Promoted · show in the room')).toBeDefined();
    expect(button(fixture, 'Promote what Nora said')).toBeUndefined();
  });

  it('keeps an answer until it is taken, and loses what was deleted', async () => {
    const fixture = await open({ abilities: ['read', 'chat'] });
    const field = page(fixture).querySelector('textarea')!;
    field.value = 'It reads the task';
    field.dispatchEvent(new Event('input'));
    await update(room, fixture);
    button(fixture, 'Send')?.click();
    const sent = room.socket.last('spectator_chat_message');
    sent.answer({ ok: false, error: { code: 'rate_limited', message: 'Too many requests' } });
    await update(room, fixture);
    expect(field.value).toBe('It reads the task');
    expect(words(page(fixture).querySelector('[role=status]'))).toContain('Too many requests');
    room.socket.push('spectator_chat', {
      roomId: ROOM_ID,
      messages: [said(1, { revision: 3, message: '', author: '', deletedAt: '2026-11-21T12:01:00.000Z' })],
    });
    await update(room, fixture);
    expect(words(page(fixture).querySelector('[role=log]'))).not.toContain('Words 1');
  });
});
