import { ROOM_ID } from './testing/builders';
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
});
