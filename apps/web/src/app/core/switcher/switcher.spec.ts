import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import type { RoomCard } from '@clawtank/contracts';
import { jest } from '@jest/globals';
import { SignedIn, aBadge, aDirectBadge } from '../testing/signed-in';
import { type Destination, offer } from './destinations';
import { fits } from './fuzzy';
import { Switcher } from './switcher';

const place = (name: string, changes: Partial<Destination> = {}): Destination => ({
  kind: 'room',
  name,
  note: '',
  address: `/rooms/${name}`,
  unread: 0,
  calls: 0,
  ...changes,
});

describe('what fits what was typed', () => {
  it('is what holds its letters in their order, and nothing else', () => {
    expect(fits('hl', 'Harbour lights')).not.toBeNull();
    expect(fits('sh', 'Harbour lights')).toBeNull();
    expect(fits('HARB', 'harbour')).not.toBeNull();
  });

  it('is, the better the nearer: the beginning of a word before its middle, a part before scattered letters', () => {
    const best = (typed: string, names: string[]) =>
      [...names].sort((a, b) => (fits(typed, b) ?? -1) - (fits(typed, a) ?? -1))[0];
    expect(best('port', ['Airport', 'Port authority'])).toBe('Port authority');
    expect(best('lig', ['Late irregular goods', 'Harbour lights'])).toBe('Harbour lights');
  });
});

describe('what is offered before a word is typed', () => {
  it('is what calls, what is unread, where the reader was last, then the rest, and never where they are', () => {
    const offered = offer(
      '',
      [
        place('Attic'),
        place('Pier'),
        place('Harbour', { unread: 1 }),
        place('Dock', { unread: 1, calls: 1 }),
        place('Here'),
      ],
      ['/rooms/Here', '/rooms/Pier'],
      '/rooms/Here',
    );
    expect(offered.map(({ name }) => name)).toEqual(['Dock', 'Harbour', 'Pier', 'Attic']);
  });
});

describe('the quick switcher', () => {
  let app: SignedIn;
  const input = () => document.querySelector('ct-switcher-dialog input') as HTMLInputElement;
  const options = () => [...document.querySelectorAll('ct-switcher-dialog [role=option]')];
  const chosen = () => options().find((one) => one.getAttribute('aria-selected') === 'true');

  async function type(text: string): Promise<void> {
    input().value = text;
    input().dispatchEvent(new Event('input'));
    await app.settle();
  }

  async function press(key: string): Promise<void> {
    input().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    await app.settle();
  }

  beforeEach(async () => {
    localStorage.clear();
    app = new SignedIn();
    TestBed.inject(Switcher);
    await TestBed.inject(Switcher).open();
    await app.connect();
    await app.answer('/api/rooms?scope=mine&limit=100', {
      rooms: ['Harbour', 'Pier'].map((name) => ({ id: name, name, description: '', visibility: 'public' }) as RoomCard),
      nextCursor: null,
    });
    await app.answerBadges({
      rooms: [aBadge({ roomId: 'Pier', unread: 2, mentions: 1 })],
      direct: [aDirectBadge({ roomId: 'Pier' })],
    });
  });

  afterEach(() => TestBed.resetTestingModule());

  it('is a combobox whose list says what is marked, what is unread and what it leads to', async () => {
    expect(input().getAttribute('role')).toBe('combobox');
    expect(options()[0]?.textContent).toMatch(/Pier.*2 unread, 1 for you/s);
    expect(input().getAttribute('aria-activedescendant')).toBe(chosen()?.id);
    await press('ArrowDown');
    expect(input().getAttribute('aria-activedescendant')).toBe('switcher-1');
    await press('ArrowUp');
    await press('ArrowUp');
    expect(chosen()).toBe(options().at(-1));
  });

  it('finds people and actions beside rooms, and goes there with Enter', async () => {
    const go = jest.spyOn(TestBed.inject(Router), 'navigateByUrl').mockResolvedValue(true);
    await type('jns');
    expect(chosen()?.textContent).toMatch(/jonas.*in Pier/s);
    await type('new r');
    await press('Enter');
    expect(go).toHaveBeenCalledWith('/rooms/new');
    expect(document.querySelector('ct-switcher-dialog')).toBeNull();
  });

  it('offers to search for what was typed', async () => {
    const go = jest.spyOn(TestBed.inject(Router), 'navigateByUrl').mockResolvedValue(true);
    await type('signal & lights');
    expect(options().at(-1)?.textContent).toContain('Search messages for “signal & lights”');
    await press('Enter');
    expect(go).toHaveBeenCalledWith('/search?q=signal%20%26%20lights');
  });
});
