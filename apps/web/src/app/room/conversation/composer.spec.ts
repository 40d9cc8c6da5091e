import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MARA, aMessage, aRoom, anEvent } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { button, freshPage, page, render, update, words } from '../testing/render';
import { Composer } from './composer';

let room: OpenRoom;

beforeEach(() => {
  freshPage();
  room = new OpenRoom();
});

describe('the composer', () => {
  const box = (fixture: ComponentFixture<unknown>) => page(fixture).querySelector('textarea') as HTMLTextAreaElement;
  async function type(fixture: ComponentFixture<unknown>, text: string): Promise<void> {
    box(fixture).value = text;
    box(fixture).setSelectionRange(text.length, text.length);
    box(fixture).dispatchEvent(new Event('input'));
    await update(room, fixture);
  }
  async function press(fixture: ComponentFixture<unknown>, key: string, options: KeyboardEventInit = {}) {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...options });
    box(fixture).dispatchEvent(event);
    await update(room, fixture);
    return event;
  }

  it('is labelled, sends with Enter and is empty again', async () => {
    await room.open();
    const fixture = await render(room, Composer);
    expect(words(page(fixture).querySelector('label[for=composer]'))).toBe('Message Harbour');
    await type(fixture, 'Hello');
    await press(fixture, 'Enter');
    expect(room.store.pending().map(({ text }) => text)).toEqual(['Hello']);
    expect(box(fixture).value).toBe('');
  });

  it('breaks the line with Shift+Enter, and leaves Enter to an input method that is composing', async () => {
    await room.open();
    const fixture = await render(room, Composer);
    await type(fixture, 'Hello');
    expect((await press(fixture, 'Enter', { shiftKey: true })).defaultPrevented).toBe(false);
    await press(fixture, 'Enter', { isComposing: true });
    expect(room.store.pending()).toEqual([]);
  });

  it('keeps what was begun through a reload, for this room', async () => {
    await room.open();
    await type(await render(room, Composer), 'Half a thou');
    TestBed.resetTestingModule();
    room = new OpenRoom();
    await room.open();
    expect(box(await render(room, Composer)).value).toBe('Half a thou');
  });

  it('finds people and agents behind an @, by keyboard', async () => {
    await room.open();
    const fixture = await render(room, Composer);
    await type(fixture, 'ask @');
    const options = () => [...page(fixture).querySelectorAll('[role=option]')];
    const chosen = () => options().find((one) => one.getAttribute('aria-selected') === 'true');
    expect(options().map((one) => words(one.querySelector('.name')))).toEqual(['otter', 'jonas']);
    await press(fixture, 'ArrowDown');
    expect(words(chosen()?.querySelector('.name'))).toBe('jonas');
    expect(box(fixture).getAttribute('aria-activedescendant')).toBe(chosen()?.id);
    await press(fixture, 'ArrowUp');
    await press(fixture, 'Enter');
    expect(box(fixture).value).toBe('ask @otter ');
    expect(room.store.pending()).toEqual([]);
  });

  it('closes the names with Escape and then sends what is written', async () => {
    await room.open();
    const fixture = await render(room, Composer);
    await type(fixture, '@ot');
    await press(fixture, 'Escape');
    expect(page(fixture).querySelector('[role=listbox]')).toBeNull();
    await press(fixture, 'Enter');
    expect(room.store.pending().map(({ text }) => text)).toEqual(['@ot']);
  });

  it('counts down near the end and does not send more than fits', async () => {
    await room.open();
    const fixture = await render(room, Composer);
    await type(fixture, 'x'.repeat(3990));
    expect(words(page(fixture).querySelector('#composer-left'))).toBe('10 left');
    await type(fixture, 'x'.repeat(4001));
    expect(words(page(fixture).querySelector('#composer-left'))).toBe('1 too many');
    await press(fixture, 'Enter');
    expect(room.store.pending()).toEqual([]);
  });

  it('lets a message be for members only in a public room, and does not offer it in a private one', async () => {
    await room.open();
    const fixture = await render(room, Composer);
    button(fixture, 'Members only')?.click();
    await type(fixture, 'Between us');
    await press(fixture, 'Enter');
    expect(room.store.pending()[0]?.visibility).toBe('members');
    room.hear(anEvent(11, 'room.updated', { room: { ...aRoom().room, visibility: 'private' } }, MARA));
    await update(room, fixture);
    expect(button(fixture, 'Members only')).toBeUndefined();
  });

  it('leads to bringing an agent when people talk and none is there', async () => {
    const people = aRoom().members.filter(({ type }) => type === 'human');
    await room.open(aRoom({ members: people, messages: [aMessage(9)] }));
    const fixture = await render(room, Composer);
    expect(words(page(fixture).querySelector('.no-agent'))).toContain('No agent sits here yet.');
    expect(page(fixture).querySelector('.no-agent a')?.getAttribute('href')).toContain('work=members');
  });

  it('says why one cannot write without the ability', async () => {
    await room.open(aRoom({ abilities: ['read'] }));
    const fixture = await render(room, Composer);
    expect(page(fixture).querySelector('textarea')).toBeNull();
    expect(words(page(fixture))).toContain('A guest cannot write');
  });
});
