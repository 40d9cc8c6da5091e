import { TestBed } from '@angular/core/testing';
import { emptyDevice, patience } from '../../core/outbox/testing/device';
import { ROOM_ID, aMessage } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';

/** Locks as browsers have them, shared by the tabs of a test. */
class Locks {
  private tail: Promise<unknown> = Promise.resolve();
  readonly asked: string[] = [];

  request<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.asked.push(name);
    const turn = this.tail.then(work);
    this.tail = turn.catch(() => undefined);
    return turn;
  }
}

describe('what waits to be sent', () => {
  let room: OpenRoom;
  let forgetDevice: () => void;
  const asked = (of = room) => of.socket.all('chat_message').map(({ request }) => request['message']);
  const texts = (of = room) => of.store.pending().map(({ text }) => text);
  /** The server takes the newest message of this tab. */
  const take = async (seq: number, of = room) => {
    of.socket.last('chat_message').answer({ ok: true, data: aMessage(seq) });
    await patience();
  };

  beforeEach(() => {
    localStorage.clear();
    sessionStorage.clear();
    forgetDevice = emptyDevice();
    Object.defineProperty(navigator, 'locks', { configurable: true, value: new Locks() });
    room = new OpenRoom();
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    forgetDevice();
    Reflect.deleteProperty(navigator, 'locks');
  });

  /** The tab is gone, whatever it was doing, and another is opened. */
  async function reopen(): Promise<void> {
    TestBed.resetTestingModule();
    room = new OpenRoom();
    await room.open();
    await patience();
  }

  it('survives the page, and goes out in order under the same ids', async () => {
    await room.open();
    room.socket.drop();
    await room.say('One');
    await room.say('Two');
    const ids = room.store.pending().map(({ clientMessageId }) => clientMessageId);
    await reopen();
    expect(texts()).toEqual(['One', 'Two']);
    expect(asked()).toEqual(['One']);
    await take(11);
    await take(12);
    expect(room.socket.all('chat_message').map(({ request }) => request['clientMessageId'])).toEqual(ids);
    await reopen();
    expect(asked()).toEqual([]);
  });

  it('is sent again after a crash between sending and hearing, under the same id', async () => {
    await room.open();
    await room.say('One');
    await patience();
    const id = room.socket.last('chat_message').request['clientMessageId'];
    await reopen();
    expect(room.socket.last('chat_message').request['clientMessageId']).toBe(id);
  });

  it('is what it was: its thread, what it answers, its files and who may read it', async () => {
    await room.open();
    room.socket.drop();
    const attachments = [
      {
        id: 'f1',
        kind: 'file',
        name: 'a.txt',
        mediaType: 'text/plain',
        bytes: 1,
        width: null,
        height: null,
        url: '/a',
      },
    ] as const;
    await room.store.say({ text: 'One', visibility: 'members', replyTo: 'm1', threadId: 't1', attachments });
    await reopen();
    expect(room.socket.last('chat_message').request).toMatchObject({
      roomId: ROOM_ID,
      message: 'One',
      visibility: 'members',
      replyTo: 'm1',
      threadId: 't1',
      attachmentIds: ['f1'],
    });
  });

  it('keeps why it was refused, and goes out again behind the others when that is asked', async () => {
    await room.open();
    await room.say('Bad');
    await patience();
    room.socket.last('chat_message').answer({ ok: false, error: { code: 'muted', message: 'You are muted.' } });
    await patience();
    await reopen();
    expect(room.store.pending()[0]?.refusal).toBe('You are muted.');
    expect(asked()).toEqual([]);
    const id = room.store.pending()[0]?.clientMessageId ?? '';
    await room.store.retry(id);
    await patience();
    expect(room.socket.last('chat_message').request).toMatchObject({ message: 'Bad', clientMessageId: id });
    await take(11);
    await reopen();
    expect(texts()).toEqual([]);
  });

  it('waits by itself for slow mode, and says until when', async () => {
    await room.open();
    await room.say('Soon');
    await patience();
    const error = { code: 'slow_mode' as const, message: 'Slower', retryAfter: 600 };
    room.socket.last('chat_message').answer({ ok: false, error });
    await patience();
    expect(room.store.pause()).toMatchObject({ code: 'slow_mode' });
    expect(room.store.pending()[0]?.refusal).toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 700));
    await patience();
    expect(asked()).toEqual(['Soon', 'Soon']);
    expect(room.store.pause()).toBeNull();
  });

  it('is sent by one tab at a time', async () => {
    const locks = navigator.locks as unknown as Locks;
    await room.open();
    await room.say('One');
    await patience();
    let otherSent = false;
    const other = locks.request(locks.asked[0] ?? '', async () => void (otherSent = true));
    await patience();
    expect(locks.asked[0]).toContain(ROOM_ID);
    expect(otherSent).toBe(false);
    await take(11);
    await other;
    expect(otherSent).toBe(true);
  });

  it('takes up what an older version of the page left for this tab', async () => {
    const left = {
      clientMessageId: 'former-0001',
      text: 'Left',
      visibility: 'public',
      createdAt: '2026-11-21T12:00:00Z',
    };
    sessionStorage.setItem(`clawtank.outbox.mara.${ROOM_ID}`, JSON.stringify([{ ...left, refusal: null }]));
    await reopen();
    expect(texts()).toEqual(['Left']);
    expect(room.socket.last('chat_message').request).toMatchObject({ clientMessageId: 'former-0001' });
    expect(sessionStorage).toHaveLength(0);
  });

  it('lasts as long as the page where the browser keeps nothing', async () => {
    forgetDevice();
    TestBed.resetTestingModule();
    room = new OpenRoom();
    await room.open();
    await room.say('One');
    await patience();
    expect(asked()).toEqual(['One']);
    await take(11);
    expect(asked()).toEqual(['One']);
  });

  it('goes out from rooms that are not on screen, too', async () => {
    await room.open();
    room.socket.drop();
    await room.say('Elsewhere');
    TestBed.resetTestingModule();
    room = new OpenRoom();
    room.socket.accept();
    await patience();
    expect(asked()).toEqual(['Elsewhere']);
  });
});
