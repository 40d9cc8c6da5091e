import { Component, inject } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { ChatMessage } from '@clawtank/contracts';
import { Confirm } from '../../shared/confirm/confirm';
import { rowsOf } from '../conversation/rows';
import { PickEmoji } from '../emoji/pick-emoji';
import { RoomStore } from '../state/room-store';
import { Talk } from '../talk/talk';
import { JONAS, MARA, OTTER, ROOM_ID, aMember, aMessage, aRoom, anEvent, anImage } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { button, freshPage, page, render, update, words } from '../testing/render';
import { MessageView } from './message-view';

/** The newest message of the room, as the conversation shows it. */
@Component({
  selector: 'ct-newest',
  imports: [MessageView],
  template: `
    @for (row of rows(); track row.key) {
      @if (row.kind === 'speech') {
        <ct-message [speech]="row.speech" startsGroup isCurrent />
      }
    }
  `,
})
class Newest {
  private readonly store = inject(RoomStore);
  protected readonly rows = () =>
    rowsOf(this.store.entries(), this.store.pending(), { actor: MARA, newFrom: null, names: [] });
}

describe('a message', () => {
  let room: OpenRoom;

  beforeEach(() => {
    freshPage();
    room = new OpenRoom();
    jest.spyOn(TestBed.inject(Confirm), 'ask').mockResolvedValue(true);
    jest.spyOn(TestBed.inject(PickEmoji), 'beside').mockResolvedValue('🎉');
  });

  async function show(changes: Partial<ChatMessage> = {}, abilities: Parameters<typeof aRoom>[0] = {}) {
    await room.open(aRoom(abilities));
    const fixture = await render(room, Newest);
    room.hear(aMessage(11, changes));
    await update(room, fixture);
    const article = page(fixture).querySelector<HTMLElement>('article');
    const press = async (key: string) => {
      article?.focus();
      article?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      await update(room, fixture);
    };
    const point = async () => {
      article?.closest('ct-message')?.dispatchEvent(new MouseEvent('mouseenter'));
      await update(room, fixture);
    };
    return { fixture, article, press, point };
  }

  it('shows files alone as files, with nothing to copy, and is quoted by what they are called', async () => {
    const { fixture, point } = await show({ message: '', attachments: [anImage({ name: 'gauge.png' })] });
    expect(page(fixture).querySelector('ct-attachments img')).not.toBeNull();
    expect(page(fixture).querySelector('ct-speech-text')).toBeNull();
    await point();
    button(fixture, 'More to do with the message of jonas')?.click();
    await update(room, fixture);
    const items = [...document.querySelectorAll('[role=menuitem]')].map(words);
    expect(items).toContain('Copy a link to it');
    expect(items).not.toContain('Copy the text');
    room.hear(aMessage(12, { replyTo: aMessage(11).id }));
    await update(room, fixture);
    expect(words(page(fixture).querySelector('ct-quote'))).toBe('jonas gauge.png');
  });

  it('offers what can be done with it when it is pointed at, and only what the reader may do', async () => {
    const { fixture, point } = await show();
    expect(page(fixture).querySelector('[role=toolbar]')).toBeNull();
    await point();
    const names = [...page(fixture).querySelectorAll('[role=toolbar] button')].map((one) =>
      one.getAttribute('aria-label'),
    );
    expect(names).toEqual(['React', 'Reply', 'Open the thread', 'More to do with the message of jonas']);
  });

  it('keeps its toolbar, and with it the open menu, while the pointer is on its way to an item', async () => {
    const { fixture, article, point } = await show();
    await point();
    button(fixture, 'More to do with the message of jonas')?.click();
    await update(room, fixture);
    article?.closest('ct-message')?.dispatchEvent(new MouseEvent('mouseleave'));
    await update(room, fixture);
    const item = [...document.querySelectorAll<HTMLElement>('[role=menuitem]')].find((one) => words(one) === 'Reply');
    item?.click();
    await update(room, fixture);
    expect(TestBed.inject(Talk).replyingTo()?.id).toBe(aMessage(11).id);
  });

  it('offers editing to its author alone', async () => {
    const { fixture, point } = await show({ author: MARA });
    await point();
    expect(button(fixture, 'Edit')).toBeDefined();
  });

  it('offers a reader who may not write neither reaction nor reply', async () => {
    const { fixture, point, press } = await show({}, { abilities: ['read'] });
    await point();
    expect(button(fixture, 'React')).toBeUndefined();
    await press('+');
    await press('r');
    expect(room.socket.all('react')).toEqual([]);
    expect(TestBed.inject(Talk).replyingTo()).toBeNull();
  });

  it('is answered, reacted to, pinned and deleted by single keys', async () => {
    const { press, fixture } = await show({}, { abilities: ['read', 'chat', 'pin_message', 'delete_any_message'] });
    await press('r');
    expect(TestBed.inject(Talk).replyingTo()?.id).toBe('message-11');
    await press('+');
    expect(room.socket.last('react').request).toMatchObject({ messageId: 'message-11', emoji: '🎉', on: true });
    await press('p');
    expect(room.socket.last('pin_message').request).toMatchObject({ messageId: 'message-11', pinned: true });
    await press('Delete');
    expect(room.socket.last('delete_message').request).toMatchObject({ roomId: ROOM_ID, messageId: 'message-11' });
    await press('e');
    expect(page(fixture).querySelector('textarea')).toBeNull();
  });

  it('is edited in place: Enter keeps the change, and a refusal keeps the words', async () => {
    const { fixture, press } = await show({ author: MARA, message: 'Hello' });
    await press('e');
    const box = page(fixture).querySelector('textarea');
    expect(box?.value).toBe('Hello');
    if (!box) {
      throw new Error('No editor');
    }
    const enter = async () => {
      box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
      await update(room, fixture);
    };
    box.value = 'Hello there';
    box.dispatchEvent(new Event('input'));
    await enter();
    const first = room.socket.last('edit_message');
    expect(first.request).toMatchObject({ messageId: 'message-11', message: 'Hello there' });
    first.answer({ ok: false, error: { code: 'muted', message: 'You are muted.' } });
    await update(room, fixture);
    expect(words(page(fixture).querySelector('[role=alert]'))).toBe('Not changed. You are muted.');
    expect(box.value).toBe('Hello there');
    await enter();
    room.socket.last('edit_message').answer({ ok: true, data: {} });
    room.hear(
      anEvent(12, 'chat.edited', {
        message: aMessage(11, { author: MARA, message: 'Hello there', editedAt: '2026-11-21T12:01:00.000Z' }),
      }),
    );
    await update(room, fixture);
    expect(page(fixture).querySelector('textarea')).toBeNull();
    expect(words(page(fixture).querySelector('ct-speech-text'))).toBe('Hello there');
    expect(button(fixture, 'edited')).toBeDefined();
  });

  it('says where its first address leads once the server has looked, in a link that tells nobody who follows it', async () => {
    const { fixture } = await show({ message: 'See https://docs.example/guide' });
    expect(page(fixture).querySelector('ct-link-preview')).toBeNull();
    const preview = { url: 'https://docs.example/guide', title: 'A <b>guide</b>', description: 'To all', site: 'Docs' };
    room.hear(anEvent(12, 'chat.previewed', { messageId: 'message-11', preview }));
    await update(room, fixture);
    const card = page(fixture).querySelector<HTMLAnchorElement>('ct-link-preview a');
    expect([...(card?.children ?? [])].map(words)).toEqual(['Docs', 'A <b>guide</b>', 'To all']);
    expect([card?.href, card?.rel]).toEqual(['https://docs.example/guide', 'noopener noreferrer nofollow']);
    expect(page(fixture).querySelector('ct-link-preview :is(img, b)')).toBeNull();
  });

  it('shows who reacted, and takes the reader’s own reaction back', async () => {
    const { fixture } = await show({ reactions: [{ emoji: '👍', memberIds: ['jonas', 'mara'] }] });
    const own = button(fixture, '👍 2, jonas and you');
    expect(own?.getAttribute('aria-pressed')).toBe('true');
    own?.click();
    expect(room.socket.last('react').request).toMatchObject({ emoji: '👍', on: false });
    room.hear(
      anEvent(12, 'chat.reacted', { messageId: 'message-11', reactions: [{ emoji: '👍', memberIds: ['jonas'] }] }),
    );
    await update(room, fixture);
    expect(button(fixture, '👍 1, jonas')?.getAttribute('aria-pressed')).toBe('false');
  });

  it('quotes what it answers as that stands now, and says when it is gone', async () => {
    const { fixture } = await show({}, { messages: [aMessage(9, { message: 'Shall we **go**?' })] });
    room.hear(aMessage(12, { author: OTTER, message: 'Yes', replyTo: 'message-9' }));
    await update(room, fixture);
    expect(button(fixture, 'Answers jonas: Shall we go?')).toBeDefined();
    room.hear(anEvent(13, 'chat.deleted', { messageId: 'message-9', threadId: null, thread: null }));
    await update(room, fixture);
    expect(words(page(fixture).querySelector('ct-quote'))).toBe('The message was deleted');
  });

  it('tells of the thread that hangs on it', async () => {
    const { fixture } = await show();
    room.hear(aMessage(12, { threadId: 'message-11', author: OTTER }));
    room.hear(aMessage(13, { threadId: 'message-11', author: MARA }));
    await update(room, fixture);
    expect(words(page(fixture).querySelector('.thread'))).toMatch(/^2 replies ?last/);
  });

  it('keeps the place of its image before it has loaded', async () => {
    const { fixture } = await show({ attachments: [anImage()] });
    const image = page(fixture).querySelector('img');
    expect([image?.width, image?.height]).toEqual([373, 280]);
    expect(image?.alt).toBe('chart.png');
  });

  it('offers other files for download, with their size', async () => {
    const file = { ...anImage(), kind: 'file' as const, name: 'notes.pdf', bytes: 3 * 1024 * 1024 };
    const { fixture } = await show({ attachments: [file] });
    const link = page(fixture).querySelector<HTMLAnchorElement>('ct-attachments a');
    expect(link?.download).toBe('notes.pdf');
    expect(words(link)).toBe('notes.pdf3.0 MBDownload');
  });

  it('stands out if it calls the reader, by name or with everybody', async () => {
    const { article } = await show({ mentionsHere: true, message: '@here lunch' });
    expect(article?.closest('ct-message')?.classList).toContain('for-you');
    expect(words(article?.querySelector('.mention.you'))).toBe('@here');
  });

  it('marks agents and the reader among those it mentions', async () => {
    const { article } = await show({ message: '@mara ask @otter', mentions: ['mara', 'otter'], author: JONAS });
    expect(words(article?.querySelector('.mention.you'))).toBe('@mara');
    expect(words(article?.querySelector('.mention.agent'))).toBe('@otter');
  });

  it('gives a refused message back to where one writes', async () => {
    const { fixture } = await show({}, { members: [aMember(MARA), aMember(JONAS)] });
    await room.say('Hm');
    room.socket.last('chat_message').answer({ ok: false, error: { code: 'forbidden', message: 'No.' } });
    await update(room, fixture);
    button(fixture, 'Edit')?.click();
    await update(room, fixture);
    expect(TestBed.inject(Talk).handedBack()?.text).toBe('Hm');
    expect(room.store.pending()).toEqual([]);
  });
});
