import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import type { RoomCard } from '@clawtank/contracts';
import { SignedIn, aBadge, aDirectBadge } from '../testing/signed-in';
import { Rail } from './rail';

const card = (id: string, name: string): RoomCard => ({ id, name, visibility: 'public' }) as RoomCard;

describe('the rail', () => {
  it('says what is unread in each room and of each person, what calls the reader, and which room is muted', async () => {
    const app = new SignedIn();
    const fixture = TestBed.createComponent(Rail);
    const rail = fixture.nativeElement as HTMLElement;
    const link = (name: string) =>
      [...rail.querySelectorAll('a')].find(({ textContent }) => textContent.includes(name))?.textContent;
    await app.connect();
    await app.answer('/api/rooms?scope=mine&limit=100', {
      rooms: [card('harbour', 'Harbour'), card('pier', 'Pier'), card('attic', 'Attic')],
      nextCursor: null,
    });
    await app.answerBadges({
      rooms: [
        aBadge({ unread: 120, mentions: 2 }),
        aBadge({ roomId: 'pier', unread: 1 }),
        aBadge({ roomId: 'attic', unread: 9, mentions: 1, level: 'none' }),
      ],
      direct: [aDirectBadge({ unread: 1 })],
    });
    fixture.detectChanges();
    expect(link('Harbour')).toMatch(/2.*, 99\+ unread, 2 mentions/s);
    expect(link('Pier')).toContain(', 1 unread');
    expect(link('Attic')).toContain(', muted');
    expect(link('Attic')).not.toContain('unread');
    expect(link('jonas')).toMatch(/in.*Harbour.*1 unread/s);
  });

  it('asks for the reader’s rooms again when a badge speaks of one it does not know', async () => {
    const app = new SignedIn();
    const fixture = TestBed.createComponent(Rail);
    const rooms = '/api/rooms?scope=mine&limit=100';
    await app.connect();
    await app.answer(rooms, { rooms: [], nextCursor: null });
    await app.answerBadges({ rooms: [aBadge()] });
    await app.answer(rooms, { rooms: [card('harbour', 'Harbour')], nextCursor: null });
    fixture.detectChanges();
    expect((fixture.nativeElement as HTMLElement).textContent).toContain('Harbour');
  });

  it.each([
    ['/rooms/harbour?work=tasks', 'page'],
    ['/rooms/harbour/board', 'page'],
    ['/rooms/harbour/direct/jonas', null],
  ])('says of %s whether the reader is in the room', async (address, current) => {
    const app = new SignedIn([{ path: '**', children: [] }]);
    const fixture = TestBed.createComponent(Rail);
    await app.connect();
    await app.answer('/api/rooms?scope=mine&limit=100', { rooms: [card('harbour', 'Harbour')], nextCursor: null });
    await TestBed.inject(Router).navigateByUrl(address);
    fixture.detectChanges();
    const entry = (fixture.nativeElement as HTMLElement).querySelector('ct-rail-room a');
    expect(entry?.getAttribute('aria-current')).toBe(current);
  });
});
