import { HttpEventType } from '@angular/common/http';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { MAX_ATTACHMENT_BYTES } from '@clawtank/contracts';
import { Talk } from '../talk/talk';
import { MARA, ROOM_ID, aMember, aMessage, aRoom, aTask, anEvent, anImage } from '../testing/builders';
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
    expect(options().map((one) => words(one.querySelector('.name')))).toEqual(['otter', 'jonas', 'here']);
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

  it('says that the room is archived', async () => {
    const archived = { ...aRoom().room, archivedAt: '2026-11-20T12:00:00.000Z' };
    await room.open(aRoom({ abilities: ['read'], room: archived }));
    expect(words(page(await render(room, Composer)))).toContain('This room is archived.');
  });

  it('says until when the reader is muted', async () => {
    const inTwoDays = new Date(Date.now() + 2 * 86_400_000);
    await room.open(aRoom({ abilities: ['read'], members: [aMember(MARA, { mutedUntil: inTwoDays.toISOString() })] }));
    expect(words(page(await render(room, Composer)))).toMatch(
      new RegExp(`You are muted until .*\\b${inTwoDays.getDate()}\\b.*\\d:\\d\\d`),
    );
  });

  it('writes out an emoji by its name', async () => {
    await room.open();
    const fixture = await render(room, Composer);
    await type(fixture, 'well done :tad');
    for (let wait = 0; wait < 50 && !page(fixture).querySelector('[role=option]'); wait++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await update(room, fixture);
    }
    await press(fixture, 'Tab');
    expect(box(fixture).value).toBe('well done 🎉 ');
  });

  it('never says a slash command, known or not', async () => {
    await room.open();
    const fixture = await render(room, Composer);
    await type(fixture, '/tsak do it');
    await press(fixture, 'Enter');
    expect(room.store.pending()).toEqual([]);
    expect(box(fixture).value).toBe('/tsak do it');
    expect(words(page(fixture).querySelector('ct-slash-answer'))).toContain('Did you mean /task');
    await type(fixture, '/task write it');
    await press(fixture, 'Enter');
    room.socket.last('create_task').answer({ ok: true, data: { ...aTask(), number: 7 } });
    await update(room, fixture);
    expect(room.store.pending()).toEqual([]);
    expect(box(fixture).value).toBe('');
  });

  it('edits the last own message with the up arrow, while nothing is written', async () => {
    await room.open();
    const fixture = await render(room, Composer);
    const talk = TestBed.inject(Talk);
    talk.lastOwnIs(() => aMessage(9));
    await type(fixture, 'x');
    await press(fixture, 'ArrowUp');
    expect(talk.editingId()).toBeNull();
    await type(fixture, '');
    await press(fixture, 'ArrowUp');
    expect(talk.editingId()).toBe('message-9');
  });

  it('makes what is selected bold', async () => {
    await room.open();
    const fixture = await render(room, Composer);
    await type(fixture, 'very good');
    box(fixture).setSelectionRange(0, 4);
    await press(fixture, 'b', { ctrlKey: true });
    expect(box(fixture).value).toBe('**very** good');
  });

  it('says what it answers, and lets go of that with Escape', async () => {
    await room.open(aRoom({ messages: [aMessage(9, { message: 'When?' })] }));
    const fixture = await render(room, Composer);
    const reply = () => words(page(fixture).querySelector('ct-reply-bar'));
    TestBed.inject(Talk).replyTo(aMessage(9));
    await update(room, fixture);
    expect(reply()).toBe('Reply to jonas When?');
    await press(fixture, 'Escape');
    expect(reply()).toBe('');
    TestBed.inject(Talk).replyTo(aMessage(9));
    await type(fixture, 'Now');
    await press(fixture, 'Enter');
    expect(room.store.pending()[0]).toMatchObject({ text: 'Now', replyTo: 'message-9' });
    expect(reply()).toBe('');
  });

  it('keeps what was begun in a thread apart from the room', async () => {
    await room.open();
    const fixture = await render(room, Composer);
    await type(fixture, 'In the room');
    TestBed.inject(Talk).threadId.set('message-9');
    await update(room, fixture);
    expect(box(fixture).value).toBe('');
    await type(fixture, 'In the thread');
    await press(fixture, 'Enter');
    expect(room.store.pending()[0]).toMatchObject({ text: 'In the thread', threadId: 'message-9' });
    TestBed.inject(Talk).threadId.set(null);
    await update(room, fixture);
    expect(box(fixture).value).toBe('In the room');
  });

  it('tells others that the reader writes, at most every three seconds, and not of commands', async () => {
    await room.open();
    const fixture = await render(room, Composer);
    await type(fixture, '/ta');
    expect(room.socket.all('typing')).toHaveLength(0);
    await type(fixture, 'H');
    await type(fixture, 'He');
    expect(room.socket.all('typing').map(({ request }) => request)).toEqual([{ roomId: ROOM_ID }]);
  });

  it('says who else is writing here, and not in a thread', async () => {
    await room.open();
    const fixture = await render(room, Composer);
    const line = () => words(page(fixture).querySelector('ct-typing-line'));
    const types = (name: string, threadId: string | null) =>
      room.socket.push('typing', { roomId: ROOM_ID, memberId: name, name, threadId, direct: false });
    types('jonas', null);
    types('otter', null);
    types('lin', 'message-9');
    await update(room, fixture);
    expect(line()).toBe('jonas and otter are typing…');
    room.hear(aMessage(11));
    await update(room, fixture);
    expect(line()).toBe('otter is typing…');
  });

  describe('with files', () => {
    const url = `/api/rooms/${ROOM_ID}/attachments`;
    const paste = async (fixture: ComponentFixture<unknown>, files: File[], text = '') => {
      const event = new Event('paste', { bubbles: true, cancelable: true });
      Object.assign(event, { clipboardData: { files, getData: () => text } });
      box(fixture).dispatchEvent(event);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await update(room, fixture);
    };
    const names = (fixture: ComponentFixture<unknown>) =>
      [...page(fixture).querySelectorAll('ct-upload-tray .name')].map(words);

    it('uploads what is pasted at once, says how far it is, and sends it with the message', async () => {
      await room.open();
      const fixture = await render(room, Composer);
      await paste(fixture, [new File(['abcd'], 'größe.png', { type: 'image/png' })]);
      expect(names(fixture)).toEqual(['größe.png']);
      expect(button(fixture, 'Send')?.disabled).toBe(true);
      const upload = room.http.expectOne(url);
      expect(upload.request.headers.get('X-File-Name')).toBe(encodeURIComponent('größe.png'));
      expect(upload.request.headers.get('Content-Type')).toBe('image/png');
      upload.event({ type: HttpEventType.UploadProgress, loaded: 2, total: 4 });
      await update(room, fixture);
      expect(page(fixture).querySelector('progress')?.value).toBe(0.5);
      upload.flush(anImage({ name: 'größe.png' }));
      await update(room, fixture);
      await press(fixture, 'Enter');
      expect(room.store.pending()[0]).toMatchObject({ text: '', attachments: [{ id: 'image-1' }] });
      expect(names(fixture)).toEqual([]);
    });

    it('says in its place why a file was not taken, and tries again or leaves it out', async () => {
      await room.open();
      const fixture = await render(room, Composer);
      await paste(fixture, [new File(['a'], 'a.exe')]);
      const problem = {
        type: 'about:blank',
        title: 'No',
        status: 415,
        code: 'unsupported_media',
        detail: 'Not this kind.',
      };
      room.http.expectOne(url).flush(problem, { status: 415, statusText: 'No' });
      await type(fixture, 'Look');
      expect(words(page(fixture).querySelector('ct-upload-tray [role=alert]'))).toBe('Not this kind.');
      expect(button(fixture, 'Send')?.disabled).toBe(true);
      button(fixture, 'Retry')?.click();
      room.http.expectOne(url).flush(problem, { status: 415, statusText: 'No' });
      await update(room, fixture);
      button(fixture, 'Remove a.exe')?.click();
      await update(room, fixture);
      expect(button(fixture, 'Send')?.disabled).toBe(false);
    });

    it('takes four, and none that is too large', async () => {
      await room.open();
      const fixture = await render(room, Composer);
      const large = new File([new Uint8Array(MAX_ATTACHMENT_BYTES + 1)], 'large.bin');
      await paste(fixture, [large, ...['1', '2', '3', '4'].map((name) => new File(['x'], name))]);
      expect(names(fixture)).toEqual(['large.bin', '1', '2', '3']);
      expect(room.http.match(url)).toHaveLength(3);
      expect(words(page(fixture).querySelector('ct-upload-tray'))).toContain('at most 8.0 MB');
      expect(words(page(fixture).querySelector('ct-upload-tray'))).toContain('at most 4 files');
    });

    it('offers to fence code that was pasted', async () => {
      await room.open();
      const fixture = await render(room, Composer);
      const code = 'if (a) {\n  b();\n} else {\n  c();\n}';
      await paste(fixture, [], code);
      box(fixture).value = code;
      box(fixture).dispatchEvent(new Event('input'));
      await paste(fixture, [], code);
      button(fixture, 'Make it a code block')?.click();
      await update(room, fixture);
      expect(box(fixture).value).toContain('```');
      expect(button(fixture, 'Make it a code block')).toBeUndefined();
    });
  });
});
