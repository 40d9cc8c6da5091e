import { TestBed } from '@angular/core/testing';
import { Jump } from '../state/jump';
import { ROOM_ID, aMessage, aRoom, anEvent } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { button, freshPage, page, render, update, words } from '../testing/render';
import { PinsPanel } from './pins-panel';

describe('the pinned messages', () => {
  let room: OpenRoom;
  const pinned = (seq: number, hour: number) => aMessage(seq, { pinnedAt: `2026-11-21T${hour}:00:00.000Z` });

  beforeEach(async () => {
    freshPage();
    room = new OpenRoom();
    await room.open(aRoom({ abilities: ['read', 'chat', 'pin_message'] }));
  });

  async function open(...messages: ReturnType<typeof aMessage>[]) {
    const fixture = await render(room, PinsPanel);
    room.http
      .expectOne(`/api/rooms/${ROOM_ID}/messages?limit=200&pinned=true`)
      .flush({ messages, hasMore: false, hasNewer: false });
    await update(room, fixture);
    return fixture;
  }

  it('stand with the last pinned first, and lead to where they were said', async () => {
    const fixture = await open(pinned(3, 13), pinned(4, 14));
    expect([...page(fixture).querySelectorAll('ct-speech-text')].map(words)).toEqual(['Message 4', 'Message 3']);
    button(fixture, 'Show in the room')?.click();
    await update(room, fixture);
    expect(TestBed.inject(Jump).target()).toEqual({ seq: 4 });
  });

  it('go when they are unpinned or deleted', async () => {
    const fixture = await open(pinned(3, 13), pinned(4, 14));
    button(fixture, 'Unpin')?.click();
    expect(room.socket.last('pin_message').request).toMatchObject({ messageId: 'message-4', pinned: false });
    room.hear(anEvent(11, 'chat.unpinned', { messageId: 'message-4' }));
    room.hear(anEvent(12, 'chat.deleted', { messageId: 'message-3', threadId: null, thread: null }));
    await update(room, fixture);
    expect(words(page(fixture))).toContain('Nothing is pinned');
  });
});
