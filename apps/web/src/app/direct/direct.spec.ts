import { type ComponentFixture, TestBed } from '@angular/core/testing';
import type { DirectMessage } from '@clawtank/contracts';
import { jest } from '@jest/globals';
import { SignedIn } from '../core/testing/signed-in';
import { DirectPage } from './direct-page';
import { EMPTY_TALK, talkOf, withChange, withMissed, withOlder } from './talk-state';

const MESSAGES = '/api/rooms/harbour/direct/jonas/messages';
const ROOM = {
  id: 'harbour',
  name: 'Harbour',
  members: [{ id: 'jonas', name: 'jonas', type: 'human', status: 'active' }],
};

function said(seq: number, changes: Partial<DirectMessage> = {}): DirectMessage {
  const userId = changes.userId ?? 'jonas';
  return {
    type: 'direct_message',
    id: `m${seq}`,
    roomId: 'harbour',
    memberIds: ['jonas', 'mara'],
    seq,
    userId,
    author: { type: 'human', id: userId, name: userId },
    message: `Message ${seq}`,
    clientMessageId: null,
    timestamp: new Date(Date.UTC(2026, 10, 21, 12, 0, seq)).toISOString(),
    editedAt: null,
    deletedAt: null,
    revision: seq,
    ...changes,
  };
}
const aPage = (messages: DirectMessage[], changes: object = {}) => ({
  messages,
  hasMore: false,
  revision: messages.at(-1)?.revision ?? 0,
  lastReadSeq: 0,
  ...changes,
});

describe('what two have said to each other', () => {
  const texts = (talk: { messages: readonly DirectMessage[] }) => talk.messages.map(({ message }) => message);

  it('grows by what is pushed, once, and knows when something was missed', () => {
    const talk = withChange(talkOf(aPage([said(1)])), said(2));
    expect(talk).not.toBe('gap');
    if (talk !== 'gap') {
      expect(withChange(talk, said(2))).toEqual(talk);
      expect(withChange(talk, said(4))).toBe('gap');
    }
  });

  it('takes edits and deletions in the place of what they change, whatever order they come in', () => {
    const talk = withMissed(
      talkOf(aPage([said(1), said(2)])),
      aPage([said(1, { revision: 4, message: 'New' })], { revision: 4 }),
    );
    expect(texts(talk)).toEqual(['New', 'Message 2']);
    expect(withChange(talk, said(1, { revision: 3, message: 'Between' }))).toEqual(talk);
  });

  it('asks on from the last change it knows while there is more', () => {
    const talk = withMissed(EMPTY_TALK, aPage([said(1), said(2)], { hasMore: true, revision: 9 }));
    expect(talk.revision).toBe(2);
    expect(withMissed(talk, aPage([said(3, { revision: 9 })], { revision: 9 })).revision).toBe(9);
  });

  it('leaves out changes to what lies further back than it reaches', () => {
    const talk = talkOf(aPage([said(5)], { hasMore: true }));
    expect(texts(withMissed(talk, aPage([said(1, { revision: 6 })], { revision: 6 })))).toEqual(['Message 5']);
    expect(texts(withOlder(talk, aPage([said(3), said(4)])))).toEqual(['Message 3', 'Message 4', 'Message 5']);
  });
});

describe('a conversation between two', () => {
  let app: SignedIn;
  let fixture: ComponentFixture<DirectPage>;
  let isLookedAt: boolean;
  const page = () => fixture.nativeElement as HTMLElement;
  const lines = () =>
    [...page().querySelectorAll('ct-direct-line, ct-pending-line')].map(({ textContent }) =>
      textContent.replace(/\s+/g, ' ').trim(),
    );
  const button = (name: string) =>
    [...document.querySelectorAll('button')].findLast(
      (one) => (one.getAttribute('aria-label') ?? one.textContent.trim()) === name,
    );

  beforeEach(async () => {
    localStorage.clear();
    isLookedAt = true;
    jest.spyOn(document, 'hasFocus').mockImplementation(() => isLookedAt);
    const nothing = () => undefined;
    window.matchMedia = (media) =>
      ({ matches: false, media, addEventListener: nothing, removeEventListener: nothing }) as unknown as MediaQueryList;
    app = new SignedIn();
    fixture = TestBed.createComponent(DirectPage);
    fixture.componentRef.setInput('roomId', 'harbour');
    fixture.componentRef.setInput('memberId', 'jonas');
    await update();
  });

  afterEach(() => TestBed.resetTestingModule());

  async function update(): Promise<void> {
    fixture.detectChanges();
    await app.settle();
    fixture.detectChanges();
    await app.settle();
  }

  async function open(messages: DirectMessage[], changes: object = {}): Promise<void> {
    await app.answer(MESSAGES, aPage(messages, changes));
    await app.answer('/api/rooms/harbour', ROOM);
    await app.connect();
    await update();
    // A connection asks what came before it was there.
    await app.answer(
      `${MESSAGES}?sinceRevision=${messages.at(-1)?.revision ?? 0}`,
      aPage([], { revision: messages.at(-1)?.revision ?? 0 }),
    );
    await update();
  }

  async function hear(message: DirectMessage): Promise<void> {
    await app.push('direct_message', { message });
    await update();
  }

  async function write(text: string): Promise<void> {
    const box = page().querySelector('ct-direct-composer textarea') as HTMLTextAreaElement;
    box.value = text;
    box.dispatchEvent(new Event('input'));
    await update();
    box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    await update();
  }

  it('shows who it is with, in which room, and that nobody else sees it', async () => {
    await open([said(1)]);
    expect(page().querySelector('h1')?.textContent).toBe('jonas');
    expect(page().querySelector('header')?.textContent).toMatch(/here now.*in Harbour.*Only the two of you see this/s);
    expect(page().querySelector('[role=log]')?.getAttribute('aria-label')).toBe('Conversation with jonas');
  });

  it('shows what comes, is edited and is deleted, as it happens, and nothing of other conversations', async () => {
    await open([said(1)]);
    await hear(said(2));
    await hear(said(9, { memberIds: ['mara', 'otter'], userId: 'otter' }));
    await hear(said(1, { revision: 3, message: 'Better', editedAt: '2026-11-21T12:01:00.000Z' }));
    await hear(said(2, { revision: 4, message: '', deletedAt: '2026-11-21T12:01:00.000Z' }));
    expect(lines()).toHaveLength(2);
    expect(lines()[0]).toMatch(/Better ?edited/);
    expect(lines()[1]).toContain('This message was deleted.');
  });

  it('asks what changed since when it was cut off, or has missed something', async () => {
    await open([said(1)]);
    await hear(said(4));
    expect(lines()).toHaveLength(1);
    await app.answer(`${MESSAGES}?sinceRevision=1`, aPage([said(2), said(3), said(4)]));
    await update();
    expect(lines()).toHaveLength(4);
    app.wire.drop();
    await app.connect();
    await app.answer(`${MESSAGES}?sinceRevision=4`, aPage([said(5)]));
    await update();
    expect(lines()).toHaveLength(5);
  });

  it('sends with Enter, shows it at once, and once only when it is there', async () => {
    await open([]);
    await write('Hello');
    expect(lines()[0]).toContain('Hello');
    const { clientMessageId } = app.wire.last('direct_message').request as { clientMessageId: string };
    expect(app.wire.last('direct_message').request).toMatchObject({
      roomId: 'harbour',
      toMemberId: 'jonas',
      message: 'Hello',
    });
    const stored = said(1, { userId: 'mara', message: 'Hello', clientMessageId });
    await hear(stored);
    expect(lines()).toHaveLength(1);
    app.wire.last('direct_message').answer({ ok: true, data: stored });
    await update();
    expect(lines()).toHaveLength(1);
    expect((page().querySelector('ct-direct-composer textarea') as HTMLTextAreaElement).value).toBe('');
  });

  it('sends again, under the same id, what an interruption kept from arriving', async () => {
    await open([]);
    await write('Hello');
    const first = app.wire.last('direct_message').request['clientMessageId'];
    app.wire.drop();
    await update();
    await app.connect();
    await update();
    expect(app.wire.all('direct_message')).toHaveLength(2);
    expect(app.wire.last('direct_message').request['clientMessageId']).toBe(first);
  });

  it('says why a message was refused, and lets the reader try again or throw it away', async () => {
    await open([]);
    await write('Hello');
    app.wire.last('direct_message').answer({ ok: false, error: { code: 'muted', message: 'You are muted' } });
    await update();
    expect(lines()[0]).toContain('Not sent. You are muted');
    button('Retry')?.click();
    await update();
    expect(app.wire.all('direct_message')).toHaveLength(2);
    app.wire.last('direct_message').answer({ ok: false, error: { code: 'muted', message: 'You are muted' } });
    await update();
    button('Discard')?.click();
    await update();
    expect(lines()).toHaveLength(0);
  });

  it('never sends a slash command', async () => {
    await open([]);
    await write('/kick jonas');
    expect(app.wire.all('direct_message')).toHaveLength(0);
    expect(page().querySelector('[role=alert]')?.textContent).toContain('Commands work in the room');
    await write('//kick jonas');
    expect(app.wire.all('direct_message')).toHaveLength(1);
  });

  it('keeps what was begun through a reload', async () => {
    await open([]);
    const box = page().querySelector('ct-direct-composer textarea') as HTMLTextAreaElement;
    box.value = 'Not yet';
    box.dispatchEvent(new Event('input'));
    expect(Object.keys(localStorage).map((key) => localStorage.getItem(key))).toContain('Not yet');
  });

  it('lets the reader edit what they said last with ↑, and gives the focus back', async () => {
    await open([said(1, { userId: 'mara' }), said(2)]);
    const box = page().querySelector('ct-direct-composer textarea') as HTMLTextAreaElement;
    box.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true, cancelable: true }));
    await update();
    const editor = page().querySelector('ct-text-editor textarea') as HTMLTextAreaElement;
    editor.value = 'Better';
    editor.dispatchEvent(new Event('input'));
    editor.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    await update();
    expect(app.wire.last('edit_direct_message').request).toMatchObject({ messageId: 'm1', message: 'Better' });
    app.wire.last('edit_direct_message').answer({
      ok: true,
      data: said(1, { userId: 'mara', message: 'Better', editedAt: '2026-11-21T12:01:00.000Z', revision: 3 }),
    });
    await update();
    expect(lines()[0]).toContain('Better');
    expect(page().querySelector('ct-text-editor')).toBeNull();
  });

  it('deletes only when the reader is sure, and offers neither for what the other said', async () => {
    await open([said(1, { userId: 'mara' }), said(2)]);
    expect(page().querySelectorAll('button[aria-label=Delete]')).toHaveLength(1);
    button('Delete')?.click();
    await update();
    button('Delete the message')?.click();
    await update();
    expect(app.wire.last('delete_direct_message').request).toMatchObject({ messageId: 'm1' });
  });

  it('is read when it is looked at, and not before', async () => {
    jest.useFakeTimers();
    try {
      isLookedAt = false;
      await open([said(1)]);
      await jest.advanceTimersByTimeAsync(1_000);
      expect(app.wire.all('mark_direct_read')).toHaveLength(0);
      isLookedAt = true;
      window.dispatchEvent(new Event('focus'));
      await jest.advanceTimersByTimeAsync(1_000);
      expect(app.wire.last('mark_direct_read').request).toEqual({ roomId: 'harbour', memberId: 'jonas', seq: 1 });
    } finally {
      jest.useRealTimers();
    }
  });

  it('says that the other one writes, until they have written', async () => {
    await open([]);
    await app.push('typing', { roomId: 'harbour', memberId: 'jonas', name: 'jonas', threadId: null, direct: true });
    await update();
    expect(page().querySelector('.writing')?.textContent).toBe('jonas is writing…');
    await hear(said(1));
    expect(page().querySelector('.writing')?.textContent).toBe('');
  });

  it('keeps what was said when the other one has left, and takes nothing more', async () => {
    await app.answer(MESSAGES, aPage([said(1)]));
    await app.answer('/api/rooms/harbour', { ...ROOM, members: [] });
    await update();
    expect(page().textContent).toContain('jonas has no seat in Harbour any more');
    expect(page().querySelector('ct-direct-composer')?.hasAttribute('hidden')).toBe(true);
  });

  it('misses nothing that is said while it is opened once more', async () => {
    await app.connect();
    await app.refuse(MESSAGES, 503, 'unavailable', 'Not now');
    await update();
    button('Try again')?.click();
    await update();
    await hear(said(1));
    await app.answer(MESSAGES, aPage([]));
    await app.answer('/api/rooms/harbour', ROOM);
    await app.answer(`${MESSAGES}?sinceRevision=0`, aPage([said(1)]));
    await update();
    expect(lines()).toHaveLength(1);
  });

  it('says when there is no such conversation for the reader', async () => {
    await app.refuse(MESSAGES, 404, 'not_found', 'No such room');
    await update();
    expect(page().textContent).toContain('You have no seat in this room');
  });
});
