import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import type { Notification as Notice, PersonalInvitation } from '@clawtank/contracts';
import { jest } from '@jest/globals';
import { Badges } from '../core/attention/badges';
import { SignedIn } from '../core/testing/signed-in';
import { NotificationSettings } from '../settings/notification-settings';
import { Toasts } from '../shared/toast/toasts';
import { Arrivals } from './arrivals';
import { BrowserNotices } from './browser-notices';
import { NotificationList } from './notification-list';
import { addressOf, headlineOf } from './notification-words';
import { Notices } from './notices';

const LIST = '/api/me/notifications';

const aNotice = (id: string, changes: Partial<Notice> = {}): Notice => ({
  id,
  kind: 'mention',
  room: { id: 'harbour', name: 'Harbour' },
  actor: { type: 'human', id: 'jonas', name: 'jonas' },
  messageId: `message-${id}`,
  seq: 12,
  excerpt: 'Look at this',
  createdAt: '2026-11-21T12:00:00.000Z',
  readAt: null,
  ...changes,
});

const anInvitation: PersonalInvitation = {
  id: 'invitation-1',
  room: { id: 'pier', name: 'Pier', description: 'Ropes and knots' },
  invitee: { id: 'mara', name: 'mara' },
  invitedBy: { id: 'jonas', name: 'jonas' },
  createdAt: '2026-11-21T12:00:00.000Z',
  expiresAt: '2026-11-28T12:00:00.000Z',
};

/** The browser's own notifications, as far as a page sees them. */
class FakeNotification {
  static permission = 'default';
  static answer = 'granted';
  static asked = 0;
  static shown: FakeNotification[] = [];
  onclick: (() => void) | null = null;
  onclose: (() => void) | null = null;
  isClosed = false;

  constructor(
    readonly title: string,
    readonly options: { tag: string; body: string },
  ) {
    FakeNotification.shown.push(this);
  }

  static requestPermission(): Promise<string> {
    FakeNotification.asked++;
    FakeNotification.permission = FakeNotification.answer;
    return Promise.resolve(FakeNotification.answer);
  }

  close(): void {
    this.isClosed = true;
    this.onclose?.();
  }
}

describe('notifications', () => {
  let app: SignedIn;
  let isHidden: boolean;

  beforeEach(() => {
    localStorage.clear();
    isHidden = false;
    jest.spyOn(document, 'hidden', 'get').mockImplementation(() => isHidden);
    Object.assign(FakeNotification, { permission: 'default', answer: 'granted', asked: 0, shown: [] });
    Object.assign(window, { Notification: FakeNotification });
    app = new SignedIn();
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it.each([
    ['mention', 'jonas mentioned you in Harbour', '/rooms/harbour?message=12'],
    ['here', 'jonas called everybody in Harbour', '/rooms/harbour?message=12'],
    ['reply', 'jonas answered you in Harbour', '/rooms/harbour?message=12'],
    ['message', 'jonas wrote in Harbour', '/rooms/harbour?message=12'],
    ['direct_message', 'jonas wrote to you', '/rooms/harbour/direct/jonas'],
    ['invitation', 'jonas invites you to Harbour', '/notifications'],
  ] as const)('of a %s say “%s” and lead to %s', (kind, headline, address) => {
    expect(headlineOf(aNotice('1', { kind }))).toBe(headline);
    expect(addressOf(aNotice('1', { kind }))).toBe(address);
  });

  describe('in the list', () => {
    let fixture: ComponentFixture<NotificationList>;
    const page = () => fixture.nativeElement as HTMLElement;
    const items = () => [...page().querySelectorAll('li')].map(({ textContent }) => textContent.replace(/\s+/g, ' '));
    const button = (name: string) =>
      [...page().querySelectorAll('button')].find(
        (one) => (one.getAttribute('aria-label') ?? one.textContent.trim()) === name,
      );

    beforeEach(async () => {
      fixture = TestBed.createComponent(NotificationList);
      void TestBed.inject(Notices).read();
      await update();
    });

    async function update(): Promise<void> {
      fixture.detectChanges();
      await app.settle();
      fixture.detectChanges();
    }

    it('stand unread first, live, and are read here when they are read anywhere', async () => {
      const read = aNotice('1', { readAt: '2026-11-21T12:01:00.000Z', excerpt: 'Old' });
      await app.answer(LIST, { notifications: [read, aNotice('2')], unread: 1, nextCursor: null });
      await app.push('notification', { notification: aNotice('3', { kind: 'reply', excerpt: 'New' }) });
      await update();
      expect(items().map((text) => /New|Look|Old/.exec(text)?.[0])).toEqual(['New', 'Look', 'Old']);
      expect(items()[0]).toContain(', unread');
      await app.push('notifications_read', { ids: ['2', '3'] });
      await update();
      expect(items().some((text) => text.includes('unread'))).toBe(false);
    });

    it('lead to the thing itself and are read by that', async () => {
      const go = jest.spyOn(TestBed.inject(Router), 'navigateByUrl').mockResolvedValue(true);
      await app.answer(LIST, { notifications: [aNotice('2')], unread: 1, nextCursor: null });
      await update();
      page().querySelector<HTMLAnchorElement>('li a')?.click();
      await update();
      expect(go).toHaveBeenCalledWith('/rooms/harbour?message=12');
      const request = app.http.expectOne('/api/me/notifications/read');
      expect(request.request.body).toEqual({ ids: ['2'] });
      request.flush(null);
      await update();
      expect(TestBed.inject(Badges).notifications()).toBe(0);
    });

    it('are read all at once', async () => {
      await app.answer(LIST, { notifications: [aNotice('1'), aNotice('2')], unread: 2, nextCursor: null });
      void TestBed.inject(Notices).markRead();
      const request = app.http.expectOne('/api/me/notifications/read');
      expect(request.request.body).toEqual({});
      request.flush(null);
      await update();
      expect(items().some((text) => text.includes('unread'))).toBe(false);
    });

    it('go further back on demand, nothing twice', async () => {
      await app.answer(LIST, { notifications: [aNotice('3')], unread: 1, nextCursor: 'c1' });
      await update();
      button('Show earlier ones')?.click();
      await update();
      await app.answer(`${LIST}?cursor=c1`, {
        notifications: [aNotice('3'), aNotice('2')],
        unread: 1,
        nextCursor: null,
      });
      await update();
      expect(items()).toHaveLength(2);
      expect(button('Show earlier ones')).toBeUndefined();
    });

    it('say that they did not load, and try again', async () => {
      await app.refuse(LIST, 503, 'unavailable', 'Not now');
      await update();
      expect(page().querySelector('[role=alert]')?.textContent).toContain('Not now');
      button('Try again')?.click();
      await app.answer(LIST, { notifications: [], unread: 0, nextCursor: null });
      await update();
      expect(items()[0]).toContain('Nothing yet');
    });

    it('begin with the invitations that wait for an answer', async () => {
      const go = jest.spyOn(TestBed.inject(Router), 'navigate').mockResolvedValue(true);
      await app.answer('/api/me/invitations', [anInvitation]);
      await app.answer(LIST, { notifications: [], unread: 0, nextCursor: null });
      await update();
      expect(page().querySelector('section')?.textContent).toMatch(/jonas.*invites you to.*Pier.*Ropes and knots/s);
      button('Join Pier')?.click();
      await app.answer('/api/me/invitations/invitation-1/accept', { id: 'pier' });
      await update();
      expect(go).toHaveBeenCalledWith(['/rooms', 'pier']);
      expect(page().querySelector('section')).toBeNull();
    });

    it('let an invitation be declined', async () => {
      await app.answer('/api/me/invitations', [anInvitation]);
      await update();
      button('Decline the invitation to Pier')?.click();
      await app.answer('/api/me/invitations/invitation-1/decline', null);
      await update();
      expect(page().querySelector('section')).toBeNull();
    });
  });

  describe('as they arrive', () => {
    const toasts = () => TestBed.inject(Toasts).toasts();

    beforeEach(() => {
      jest.useFakeTimers();
      TestBed.inject(Arrivals);
    });

    const arrive = (notification: Notice) => app.push('notification', { notification });

    it('are told by a toast on the page that is looked at, until they are read', async () => {
      await arrive(aNotice('1'));
      expect(toasts().map(({ text }) => text)).toEqual(['jonas mentioned you in Harbour: “Look at this”']);
      await app.push('notifications_read', { ids: ['1'] });
      expect(toasts()).toEqual([]);
    });

    it('are not told again where the reader sees them happen', async () => {
      jest.spyOn(TestBed.inject(Router), 'url', 'get').mockReturnValue('/rooms/harbour/direct/jonas');
      await arrive(aNotice('1', { kind: 'direct_message' }));
      expect(toasts()).toEqual([]);
    });

    it('are told by the browser when the page is hidden and the reader wants it, and taken back when read elsewhere', async () => {
      await TestBed.inject(BrowserNotices).turn(true);
      isHidden = true;
      await arrive(aNotice('1'));
      await jest.advanceTimersByTimeAsync(300);
      expect(toasts()).toEqual([]);
      expect(FakeNotification.shown).toHaveLength(1);
      expect(FakeNotification.shown[0]).toMatchObject({
        title: 'jonas mentioned you in Harbour',
        options: { tag: '1' },
      });
      await app.push('notifications_read', { ids: ['1'] });
      expect(FakeNotification.shown[0]?.isClosed).toBe(true);
    });

    it('are not told by the browser if they were read within a moment, nor without permission', async () => {
      isHidden = true;
      await arrive(aNotice('1'));
      await jest.advanceTimersByTimeAsync(300);
      expect(FakeNotification.shown).toHaveLength(0);
      await TestBed.inject(BrowserNotices).turn(true);
      await arrive(aNotice('2'));
      await app.push('notifications_read', { ids: ['2'] });
      await jest.advanceTimersByTimeAsync(300);
      expect(FakeNotification.shown).toHaveLength(0);
    });
  });

  describe('of the browser', () => {
    async function settings(): Promise<{ box: HTMLInputElement; text: () => string }> {
      const fixture = TestBed.createComponent(NotificationSettings);
      const page = fixture.nativeElement as HTMLElement;
      fixture.detectChanges();
      await app.settle();
      return {
        box: page.querySelector('input') as HTMLInputElement,
        text: () => (fixture.detectChanges(), page.textContent),
      };
    }

    it('are off, and the browser is asked for permission by a click only', async () => {
      const { box } = await settings();
      expect([box.checked, FakeNotification.asked]).toEqual([false, 0]);
      box.click();
      await app.settle();
      expect([box.checked, FakeNotification.asked]).toEqual([true, 1]);
      expect(TestBed.inject(BrowserNotices).isOn()).toBe(true);
    });

    it('stay off when the browser is told no, and the page says how to change that', async () => {
      FakeNotification.answer = 'denied';
      const { box, text } = await settings();
      box.click();
      await app.settle();
      expect(text()).toContain('You can allow them beside the address');
      expect(box.checked).toBe(false);
    });
  });
});
