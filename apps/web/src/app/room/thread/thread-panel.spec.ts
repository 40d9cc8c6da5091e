import type { ComponentFixture } from '@angular/core/testing';
import { MARA, OTTER, ROOM_ID, aMessage, aRoom, anEvent } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { button, freshPage, page, render, update, words } from '../testing/render';
import { ThreadPanel } from './thread-panel';

describe('a thread', () => {
  let room: OpenRoom;
  const root = aMessage(3, { message: 'The plan', thread: { replies: 2, lastReplyAt: '2026-11-21T12:00:05.000Z' } });
  const replies = [4, 5].map((seq) => aMessage(seq, { threadId: root.id, author: OTTER }));
  const said = (fixture: ComponentFixture<unknown>) =>
    [...page(fixture).querySelectorAll('ct-speech-text')].map((one) => words(one));

  beforeEach(async () => {
    freshPage();
    room = new OpenRoom();
    await room.open(aRoom());
  });

  async function open() {
    const fixture = await render(room, ThreadPanel, { threadId: root.id });
    const url = `/api/rooms/${ROOM_ID}/messages`;
    room.http
      .expectOne(`${url}?limit=1&threadId=message-3&after=0`)
      .flush({ messages: [root], hasMore: false, hasNewer: true });
    room.http
      .expectOne(`${url}?limit=50&threadId=message-3`)
      .flush({ messages: [root, ...replies], hasMore: false, hasNewer: false });
    await update(room, fixture);
    return fixture;
  }

  it('begins with the message that it hangs on, apart from what was said to it', async () => {
    const fixture = await open();
    expect(said(fixture)).toEqual(['The plan', 'Message 4', 'Message 5']);
    expect(words(page(fixture).querySelector('h3'))).toBe('2 replies');
    expect(button(fixture, 'Open the thread')).toBeUndefined();
  });

  it('follows what is said in it, edited and deleted, and nothing else', async () => {
    const fixture = await open();
    room.hear(aMessage(11, { threadId: root.id, author: MARA, message: 'Here' }));
    room.hear(aMessage(12, { message: 'Elsewhere' }));
    room.hear(anEvent(13, 'chat.edited', { message: { ...replies[0]!, message: 'Changed' } }));
    room.hear(anEvent(14, 'chat.deleted', { messageId: 'message-5', threadId: root.id, thread: root.thread }));
    await update(room, fixture);
    expect(said(fixture)).toEqual(['The plan', 'Changed', 'Here']);
    expect(words(page(fixture))).toContain('A message of otter was deleted');
  });

  it('has a composer of its own', async () => {
    const fixture = await open();
    const box = page(fixture).querySelector('textarea');
    expect(words(page(fixture).querySelector(`label[for=${box?.id}]`))).toBe('Reply in the thread');
    if (box) {
      box.value = 'To the thread';
      box.dispatchEvent(new Event('input'));
      box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    }
    await update(room, fixture);
    expect(room.store.pending()[0]).toMatchObject({ text: 'To the thread', threadId: root.id });
    expect(said(fixture).at(-1)).toBe('To the thread');
  });

  it('says when it did not load, and tries again', async () => {
    const fixture = await render(room, ThreadPanel, { threadId: root.id });
    room.http.match(() => true).forEach((request) => request.error(new ProgressEvent('error')));
    await update(room, fixture);
    expect(words(page(fixture).querySelector('[role=alert]'))).toContain('The thread did not load.');
    button(fixture, 'Try again')?.click();
    await update(room, fixture);
    expect(room.http.match(({ url }) => url.endsWith('/messages'))).toHaveLength(2);
  });
});
