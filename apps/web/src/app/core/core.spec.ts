import { TestBed } from '@angular/core/testing';
import { Title } from '@angular/platform-browser';
import type { RouterStateSnapshot } from '@angular/router';
import { Appearance } from './appearance';
import { Connection } from './connection/connection';
import { PageTitle } from './page-title';
import { returnAddress } from './session/return-address';

describe('where the reader returns to after signing in', () => {
  it.each([
    ['/rooms/1?tab=tasks', '/rooms/1?tab=tasks'],
    ['https://evil.example', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['', '/'],
    [undefined, '/'],
  ])('from %p is %s', (asked, address) => {
    expect(returnAddress(asked)).toBe(address);
  });
});

describe('the appearance', () => {
  beforeEach(() => localStorage.clear());

  it('is applied to the page and kept on the device', () => {
    TestBed.inject(Appearance).choose({ theme: 'dark', density: 'compact' });
    TestBed.tick();
    expect(document.documentElement.dataset).toMatchObject({ theme: 'dark', density: 'compact' });
    TestBed.resetTestingModule();
    expect(TestBed.inject(Appearance).theme()).toBe('dark');
  });

  it('follows the system when the reader says so, or when what was kept is nonsense', () => {
    TestBed.inject(Appearance).choose({ theme: 'system' });
    TestBed.tick();
    expect(document.documentElement.dataset['theme']).toBeUndefined();
    TestBed.resetTestingModule();
    localStorage.setItem('clawtank.appearance', '{"theme":"plaid"');
    expect(TestBed.inject(Appearance).theme()).toBe('system');
  });

  it('follows a choice made in another tab', () => {
    const appearance = TestBed.inject(Appearance);
    localStorage.setItem('clawtank.appearance', '{"theme":"light","density":"compact"}');
    window.dispatchEvent(new StorageEvent('storage', { key: 'clawtank.appearance' }));
    expect([appearance.theme(), appearance.density()]).toEqual(['light', 'compact']);
  });
});

describe('the page title', () => {
  it('says the place and how much is unread', () => {
    const pageTitle = TestBed.inject(PageTitle);
    pageTitle.nameThePlace('Harbour');
    pageTitle.showUnread(3);
    TestBed.tick();
    expect(TestBed.inject(Title).getTitle()).toBe('(3) Harbour · ClawTank');
    pageTitle.showUnread(0);
    TestBed.tick();
    expect(TestBed.inject(Title).getTitle()).toBe('Harbour · ClawTank');
  });
});

describe('a place found by name', () => {
  it('keeps that name when only the query changes, and loses it when the reader goes elsewhere', () => {
    const pageTitle = TestBed.inject(PageTitle);
    const at = (url: string) =>
      ({ url, root: { outlet: 'primary', children: [], data: {} } }) as unknown as RouterStateSnapshot;
    pageTitle.updateTitle(at('/rooms/1'));
    pageTitle.nameThePlace('Harbour');
    pageTitle.updateTitle(at('/rooms/1?work=tasks'));
    TestBed.tick();
    expect(TestBed.inject(Title).getTitle()).toBe('Harbour · ClawTank');
    pageTitle.updateTitle(at('/rooms/2'));
    TestBed.tick();
    expect(TestBed.inject(Title).getTitle()).toBe('ClawTank');
  });
});

describe('the connection', () => {
  it('tells a lost socket from a lost network, and tries again when asked', () => {
    const connection = TestBed.inject(Connection);
    let tries = 0;
    connection.report('members', 'lost', () => tries++);
    expect(connection.state()).toBe('reconnecting');
    connection.tryNow();
    expect(tries).toBe(1);
    window.dispatchEvent(new Event('offline'));
    expect(connection.state()).toBe('offline');
    window.dispatchEvent(new Event('online'));
    connection.report('spectators', 'connected');
    expect(connection.state()).toBe('reconnecting');
    connection.report('members', 'connected');
    expect(connection.state()).toBe('live');
  });
});
