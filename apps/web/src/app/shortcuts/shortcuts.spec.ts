import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import type { RoomCard } from '@clawtank/contracts';
import { jest } from '@jest/globals';
import { SignedIn, aBadge, aDirectBadge } from '../core/testing/signed-in';
import { Help } from './help';
import { RoomHops } from './room-hops';
import { KEYS_IN_PLACE, SHORTCUTS, type Shortcut } from './shortcut-table';
import { Shortcuts } from './shortcuts';
import { SingleKeys } from './single-keys';

function press(key: string, held: Partial<KeyboardEventInit> = {}, on: Element = document.body): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...held });
  on.dispatchEvent(event);
  return event;
}

describe('keyboard shortcuts', () => {
  let app: SignedIn;

  beforeEach(() => {
    localStorage.clear();
    document.body.innerHTML = '<textarea></textarea><button>Press</button>';
    app = new SignedIn();
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    document.body.innerHTML = '';
  });

  describe('the table', () => {
    const all: Shortcut[] = [...Object.values<Shortcut>(SHORTCUTS), ...KEYS_IN_PLACE];

    it('gives no key twice in one place', () => {
      const taken = all.flatMap(({ area, keys }) => keys.map((one) => `${area}: ${one}`));
      expect(new Set(taken).size).toBe(taken.length);
    });

    it('takes nothing from browsers and screen readers', () => {
      const theirs = [
        'Mod+N',
        'Mod+T',
        'Mod+W',
        'Mod+L',
        'Mod+F',
        'Mod+P',
        'Mod+S',
        'Mod+D',
        'Mod+Shift+T',
        'Mod+Shift+N',
        'Alt+ArrowLeft',
        'Alt+ArrowRight',
        'F6',
        'Tab',
        'Insert',
        'CapsLock',
      ];
      expect(
        Object.values<Shortcut>(SHORTCUTS)
          .flatMap(({ keys }) => keys)
          .filter((keys) => theirs.includes(keys)),
      ).toEqual([]);
    });
  });

  describe('pressing', () => {
    let done: string[];

    beforeEach(() => {
      done = [];
      TestBed.inject(Shortcuts).bind({
        jump: () => done.push('jump'),
        help: () => done.push('help'),
        'next-room': () => done.push('next-room'),
        'next-unread': () => done.push('next-unread'),
      });
    });

    it('does what the table says, and leaves nothing to the browser', () => {
      expect(press('k', { ctrlKey: true }).defaultPrevented).toBe(true);
      press('ArrowDown', { altKey: true });
      press('ArrowDown', { altKey: true, shiftKey: true });
      press('?', { shiftKey: true });
      press('?');
      expect(done).toEqual(['jump', 'next-room', 'next-unread', 'help', 'help']);
    });

    it('does nothing with other keys, nor with one that is held down', () => {
      expect(press('k').defaultPrevented).toBe(false);
      press('k', { ctrlKey: true, altKey: true });
      press('k', { ctrlKey: true, repeat: true });
      press('k', { metaKey: true });
      expect(done).toEqual([]);
    });

    it('takes no letter out of what is being written', () => {
      const box = document.querySelector('textarea') as HTMLTextAreaElement;
      expect(press('?', {}, box).defaultPrevented).toBe(false);
      press('k', { ctrlKey: true }, box);
      expect(done).toEqual(['jump']);
    });

    it('leaves a key to whatever has used it already, and everything to an open dialog', () => {
      document.querySelector('button')?.addEventListener('keydown', (event) => event.preventDefault());
      press('?', {}, document.querySelector('button') as HTMLButtonElement);
      document.body.insertAdjacentHTML('beforeend', '<div aria-modal="true"></div>');
      press('k', { ctrlKey: true });
      expect(done).toEqual([]);
    });

    it('leaves single characters alone once the reader has switched them off, on this device', () => {
      TestBed.inject(SingleKeys).turn(false);
      press('?');
      press('/', { ctrlKey: true });
      expect(done).toEqual(['help']);
      TestBed.resetTestingModule();
      expect(TestBed.inject(SingleKeys).areOn()).toBe(false);
    });

    it('asks whoever bound a key last, until they let go of it', () => {
      const stop = TestBed.inject(Shortcuts).bind({ jump: () => done.push('elsewhere') });
      press('k', { ctrlKey: true });
      stop();
      press('k', { ctrlKey: true });
      expect(done).toEqual(['elsewhere', 'jump']);
    });
  });

  describe('the overlay', () => {
    const sections = () =>
      [...document.querySelectorAll('ct-help-dialog h3')].map(({ textContent }) => textContent.trim());
    const text = () => document.querySelector('ct-help-dialog')?.textContent ?? '';

    it('lists everything by where it works, and the commands that the reader may use', async () => {
      await TestBed.inject(Help).open((ability) => ability === 'create_task');
      TestBed.tick();
      expect(sections()).toEqual(expect.arrayContaining(['Everywhere', 'In a room', 'While writing']));
      expect(text()).toContain('Jump to a room, a person or an action');
      expect(text()).toContain('/task [@agent] <what to do>');
      expect(text()).not.toContain('/kick');
    });

    it('is where shortcuts of one character are switched off', async () => {
      await TestBed.inject(Help).open();
      TestBed.tick();
      const box = document.querySelector('ct-help-dialog input[type=checkbox]') as HTMLInputElement;
      box.click();
      TestBed.tick();
      expect(TestBed.inject(SingleKeys).areOn()).toBe(false);
    });
  });

  describe('from room to room', () => {
    const card = (id: string): RoomCard => ({ id, name: id, visibility: 'public' }) as RoomCard;

    async function at(address: string, go: (hops: RoomHops) => void): Promise<string | undefined> {
      const hops = TestBed.inject(RoomHops);
      await app.connect();
      await app.answer('/api/rooms?scope=mine&limit=100', { rooms: ['a', 'b', 'c'].map(card), nextCursor: null });
      await app.answerBadges({
        rooms: [
          aBadge({ roomId: 'a', unread: 1 }),
          aBadge({ roomId: 'b' }),
          aBadge({ roomId: 'c', unread: 4, level: 'none' }),
        ],
        direct: [aDirectBadge({ roomId: 'a', unread: 1 })],
      });
      const router = TestBed.inject(Router);
      jest.spyOn(router, 'url', 'get').mockReturnValue(address);
      const navigate = jest.spyOn(router, 'navigateByUrl').mockResolvedValue(true);
      go(hops);
      return navigate.mock.calls[0]?.[0] as string | undefined;
    }

    it.each([
      ['/rooms/a?work=tasks', 1, 'any', '/rooms/b'],
      ['/rooms/a', -1, 'any', '/rooms/a/direct/jonas'],
      ['/rooms/a/direct/jonas', 1, 'any', '/rooms/a'],
      ['/', 1, 'any', '/rooms/a'],
      ['/', -1, 'any', '/rooms/a/direct/jonas'],
      ['/rooms/b', 1, 'unread', '/rooms/a/direct/jonas'],
      ['/rooms/b', -1, 'unread', '/rooms/a'],
      ['/', 1, 'unread', '/rooms/a'],
    ] as const)('from %s by %i, %s, is %s', async (address, direction, only, next) => {
      await expect(at(address, (hops) => hops.go(direction, only))).resolves.toBe(next);
    });
  });
});
