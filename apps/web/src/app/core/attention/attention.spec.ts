import { TestBed } from '@angular/core/testing';
import { Title } from '@angular/platform-browser';
import { jest } from '@jest/globals';
import { aMessage } from '../../room/testing/builders';
import { SignedIn, aBadge, aDirectBadge } from '../testing/signed-in';
import { Badges } from './badges';
import { ReadMarkers } from './read-markers';
import { UnreadMark } from './unread-mark';

const BADGES = '/api/me/badges';

describe('what is unread', () => {
  let app: SignedIn;
  let badges: Badges;

  beforeEach(() => {
    jest.useFakeTimers();
    document.head.innerHTML = '<link rel="icon" href="favicon.svg" />';
    app = new SignedIn();
    badges = TestBed.inject(Badges);
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    jest.useRealTimers();
  });

  const hear = (seq: number, author = 'jonas') =>
    app.push('message_broadcast', {
      roomId: 'harbour',
      epoch: 'e',
      message: aMessage(seq, { author: { type: 'human', id: author, name: author } }),
    });
  const asked = () => app.http.match(BADGES).length;

  it('is asked of the server with every connection, and heard of as it changes', async () => {
    await app.connect();
    await app.answerBadges({ rooms: [aBadge({ unread: 2, mentions: 1 })], notifications: 4 });
    expect(badges.of('harbour')).toMatchObject({ unread: 2, mentions: 1 });
    expect(badges.notifications()).toBe(4);
    await app.push('badges_changed', { rooms: [aBadge({ unread: 3 })], direct: [aDirectBadge()], notifications: 5 });
    expect(badges.of('harbour')?.unread).toBe(3);
    expect(badges.direct()).toHaveLength(1);
    app.wire.drop();
    await app.connect();
    await app.answerBadges({});
    expect(badges.of('harbour')).toBeNull();
  });

  it('counts messages where the reader wants them all, mentions where they want those, and nothing in a muted room', async () => {
    await app.connect();
    await app.answerBadges({
      rooms: [
        aBadge({ roomId: 'all', unread: 5, mentions: 1, level: 'all' }),
        aBadge({ roomId: 'mentions', unread: 7, mentions: 2, level: 'mentions' }),
        aBadge({ roomId: 'none', unread: 9, mentions: 3, level: 'none' }),
      ],
      direct: [aDirectBadge({ unread: 1 })],
    });
    expect(badges.waiting()).toBe(5 + 2 + 1);
  });

  it('is counted at once when others write in the room that this page follows, and asked of the server, once', async () => {
    await app.connect();
    await app.answerBadges({ rooms: [aBadge()] });
    await hear(11);
    await hear(12);
    expect(badges.of('harbour')).toMatchObject({ unread: 2, firstUnreadSeq: 11 });
    expect(asked()).toBe(0);
    await jest.advanceTimersByTimeAsync(2_000);
    await app.answerBadges({ rooms: [aBadge({ unread: 1, firstUnreadSeq: 12 })] });
    expect(badges.of('harbour')?.unread).toBe(1);
  });

  it('is not asked about what is read as it comes, nor about the reader’s own words', async () => {
    await app.connect();
    await app.answerBadges({ rooms: [aBadge()] });
    app.wire.push('message_broadcast', { roomId: 'harbour', epoch: 'e', message: aMessage(11) });
    TestBed.inject(ReadMarkers).room('harbour', 11);
    await hear(12, 'mara');
    await jest.advanceTimersByTimeAsync(5_000);
    expect(asked()).toBe(0);
  });

  it('is gone at once when it is read, which the server is told once for many lines', async () => {
    await app.connect();
    await app.answerBadges({ rooms: [aBadge({ unread: 2, mentions: 1, firstUnreadSeq: 11 })] });
    const markers = TestBed.inject(ReadMarkers);
    markers.room('harbour', 11);
    markers.room('harbour', 12);
    markers.room('harbour', 11);
    expect(badges.of('harbour')).toMatchObject({ unread: 0, mentions: 0, lastReadSeq: 12 });
    expect(app.wire.all('mark_read')).toHaveLength(0);
    await jest.advanceTimersByTimeAsync(500);
    expect(app.wire.all('mark_read').map(({ request }) => request)).toEqual([{ roomId: 'harbour', seq: 12 }]);
  });

  it('stays read when an older answer of the server comes late', async () => {
    await app.connect();
    await app.answerBadges({ rooms: [aBadge({ unread: 2 })] });
    badges.askSoon();
    await jest.advanceTimersByTimeAsync(2_000);
    TestBed.inject(ReadMarkers).room('harbour', 12);
    await app.answerBadges({ rooms: [aBadge({ unread: 2 })] });
    expect(badges.of('harbour')).toMatchObject({ unread: 0, lastReadSeq: 12 });
  });

  it('is told as read on the next connection if it could not be told on this one', async () => {
    await app.connect();
    await app.answerBadges({ rooms: [aBadge()] });
    app.wire.drop();
    TestBed.inject(ReadMarkers).room('harbour', 12);
    await jest.advanceTimersByTimeAsync(500);
    expect(app.wire.all('mark_read')).toHaveLength(0);
    await app.connect();
    expect(app.wire.last('mark_read').request).toEqual({ roomId: 'harbour', seq: 12 });
    app.wire.last('mark_read').answer({ ok: true, data: {} });
    await app.settle();
    app.wire.drop();
    await app.connect();
    expect(app.wire.all('mark_read')).toHaveLength(1);
  });

  it('belongs to one person, and is forgotten when another signs in', async () => {
    await app.connect();
    await app.answerBadges({ rooms: [aBadge({ unread: 2 })] });
    app.session.account.set({ id: 'jonas', username: 'jonas' });
    TestBed.tick();
    expect(badges.rooms().size).toBe(0);
  });

  it('shows in the browser’s tab: a number in the title, a dot on the icon, another if somebody is called', async () => {
    const icon = () => document.querySelector('link[rel=icon]')?.getAttribute('href');
    TestBed.inject(UnreadMark);
    await app.connect();
    await app.answerBadges({ rooms: [aBadge({ unread: 3 })] });
    expect(TestBed.inject(Title).getTitle()).toBe('(3) ClawTank');
    expect(icon()).toBe('favicon-unread.svg');
    await app.push('badges_changed', { rooms: [aBadge({ unread: 3, mentions: 1 })], direct: [], notifications: 1 });
    expect(icon()).toBe('favicon-called.svg');
    await app.push('badges_changed', { rooms: [aBadge()], direct: [], notifications: 0 });
    expect(TestBed.inject(Title).getTitle()).toBe('ClawTank');
    expect(icon()).toBe('favicon.svg');
  });
});
