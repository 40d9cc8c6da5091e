import type { Room } from '@clawtank/contracts';
import { JONAS, MARA, ROOM_ID, aMember, aRoom } from './testing/builders';
import { OpenRoom } from './testing/open-room';
import { button, freshPage, page, render, words } from './testing/render';
import { RoomAbsent } from './room-absent';

let room: OpenRoom;

beforeEach(() => {
  freshPage();
  room = new OpenRoom();
});

describe('a room that cannot be shown', () => {
  it('leads to the lobby when somebody was removed from it', async () => {
    await room.open();
    room.socket.push('room_closed', { roomId: ROOM_ID, reason: 'removed' });
    const fixture = await render(room, RoomAbsent);
    expect(words(page(fixture).querySelector('h2'))).toBe('You are no longer in this room');
    expect(page(fixture).querySelector('a')?.getAttribute('href')).toBe('/');
  });

  it('says when the page is no longer connected for good, and offers to connect again', async () => {
    await room.open();
    room.socket.push('session_closed', { reason: 'Your session was ended.' });
    const fixture = await render(room, RoomAbsent);
    expect(words(page(fixture))).toContain('Your session was ended.');
    const before = room.socket.connects;
    button(fixture, 'Connect again')?.click();
    expect(room.socket.connects).toBe(before + 1);
  });

  it.each([
    ['banned', 'You are banned from this room'],
    ['deleted', 'This room is gone'],
    ['left', 'You left this room'],
  ] as const)('says what became of it when it was closed as %s', async (reason, heading) => {
    await room.open();
    room.socket.push('room_closed', { roomId: ROOM_ID, reason });
    const fixture = await render(room, RoomAbsent);
    expect(words(page(fixture).querySelector('h2'))).toBe(heading);
  });

  it.each<[string, Partial<Room>, boolean]>([
    ['with a free seat', {}, true],
    ['that is full', { settings: { ...aRoom().room.settings, maxMembers: 2 } }, false],
    ['that is archived', { archivedAt: new Date().toISOString() }, false],
  ])('offers a seat in a public room as the server would: one %s', async (_name, changes, isOffered) => {
    const fixture = await outside(changes);
    expect(words(page(fixture).querySelector('h2'))).toBe('You have no seat in Harbour');
    expect(button(fixture, 'Join the room') !== undefined).toBe(isOffered);
  });
});

/** A public room in which two sit, as somebody without a seat finds it. */
async function outside(changes: Partial<Room>) {
  room.store.open(ROOM_ID);
  room.socket.accept();
  await room.settle();
  room.socket.last('join_room').answer({ ok: false, error: { code: 'forbidden', message: 'No seat' } });
  await room.settle();
  const seats = [aMember(MARA), aMember(JONAS)];
  room.http.expectOne(`/api/rooms/${ROOM_ID}`).flush({
    ...aRoom().room,
    members: seats.map((seat) => ({ ...seat, status: 'offline', lastSeenAt: null })),
    abilities: [],
    viewers: 0,
    ...changes,
  });
  await room.settle();
  return render(room, RoomAbsent);
}
