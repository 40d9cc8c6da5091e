import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { Connection } from '../../core/connection/connection';
import { EPOCH, MARA, ROOM_ID, aMessage, aRoom, aTask, anEvent } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { History } from './history';

const notFound = { type: 'about:blank', title: 'No', status: 404, code: 'not_found', detail: 'No such room' };

describe('a room, live', () => {
  let room: OpenRoom;
  const seqs = () => room.store.entries().map(({ seq }) => seq);
  const texts = () => room.store.pending().map(({ text }) => text);
  const joins = () => room.socket.all('join_room').map(({ request }) => request);

  beforeEach(() => {
    jest.useFakeTimers();
    sessionStorage.clear();
    localStorage.clear();
    room = new OpenRoom();
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    jest.useRealTimers();
  });

  async function reconnect(): Promise<void> {
    await jest.advanceTimersByTimeAsync(20_000);
    room.socket.accept();
    await room.settle();
  }

  it('opens with a snapshot and follows what comes', async () => {
    await room.open();
    room.hear(aMessage(11));
    room.hear(anEvent(12, 'task.created', { task: aTask() }));
    expect(room.store.phase().kind).toBe('open');
    expect(seqs()).toEqual([11, 12]);
    expect(room.store.state()?.tasks).toHaveLength(1);
  });

  it('takes nothing twice', async () => {
    await room.open();
    room.hear(aMessage(11));
    room.hear(aMessage(11));
    expect(seqs()).toEqual([11]);
  });

  it('asks for what is missing between two entries, and shows it in order', async () => {
    await room.open();
    room.hear(aMessage(11));
    room.hear(aMessage(13));
    expect(seqs()).toEqual([11]);
    expect(joins().at(-1)).toEqual({ roomId: ROOM_ID, lastSeq: 11, epoch: EPOCH });
    await room.recovered([aMessage(12), aMessage(13)], 13);
    expect(seqs()).toEqual([11, 12, 13]);
  });

  it('asks again when the room is ahead of it although nothing came', async () => {
    await room.open();
    const update = { roomId: ROOM_ID, activity: [], members: [], activeFiles: [], viewers: 3, seq: 10 };
    room.socket.push('room_update', update);
    expect(joins()).toHaveLength(1);
    expect(room.store.viewers()).toBe(3);
    room.socket.push('room_update', { ...update, seq: 11 });
    expect(joins()).toHaveLength(2);
  });

  it('asks once more if an answer leaves it behind', async () => {
    await room.open();
    room.hear(aMessage(13));
    await room.recovered([aMessage(11)], 13);
    await jest.advanceTimersByTimeAsync(2_000);
    expect(joins().at(-1)).toMatchObject({ lastSeq: 11 });
    expect(joins()).toHaveLength(3);
  });

  it('comes back by itself after any interruption, with what it missed and nothing twice', async () => {
    await room.open();
    room.hear(aMessage(11));
    room.socket.drop('io server disconnect');
    const before = room.socket.connects;
    await reconnect();
    expect(room.socket.connects).toBe(before + 1);
    expect(joins().at(-1)).toEqual({ roomId: ROOM_ID, lastSeq: 11, epoch: EPOCH });
    await room.recovered([aMessage(11), aMessage(12)], 12);
    expect(seqs()).toEqual([11, 12]);
  });

  it('takes a fresh snapshot in place of what it had when the log cannot be recovered', async () => {
    await room.open();
    room.hear(aMessage(11));
    room.socket.drop();
    await reconnect();
    await room.joinedAnew(aRoom({ seq: 3000, messages: [aMessage(2999)] }));
    expect(seqs()).toEqual([2999]);
  });

  it('says so when it is not connected for longer than one would notice', async () => {
    await room.open();
    const connection = TestBed.inject(Connection);
    room.socket.drop();
    expect(connection.state()).toBe('live');
    await jest.advanceTimersByTimeAsync(1_500);
    expect(connection.state()).toBe('reconnecting');
    room.socket.accept();
    expect(connection.state()).toBe('live');
  });

  it('gives up when the server wants no more connections, and says why', async () => {
    await room.open();
    room.socket.push('session_closed', { reason: 'You signed out elsewhere.' });
    const before = room.socket.connects;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(room.socket.connects).toBe(before);
  });

  it('renews the token once when the server calls it run out', async () => {
    room.store.open(ROOM_ID);
    room.socket.refuse('unauthenticated');
    await room.settle();
    expect(room.session.renewals).toBe(1);
    expect(room.socket.connects).toBe(2);
    room.socket.refuse('unauthenticated');
    await room.settle();
    expect(room.socket.connects).toBe(2);
    await jest.advanceTimersByTimeAsync(20_000);
    expect(room.socket.connects).toBe(3);
  });

  describe('what the reader says', () => {
    it('shows at once as on its way, and is replaced by the stored message', async () => {
      await room.open();
      await room.say('Hello');
      expect(texts()).toEqual(['Hello']);
      const { clientMessageId } = room.socket.last('chat_message').request as { clientMessageId: string };
      const stored = aMessage(11, { author: MARA, clientMessageId, message: 'Hello' });
      room.socket.last('chat_message').answer({ ok: true, data: stored });
      await room.settle();
      expect(texts()).toEqual(['Hello']);
      room.hear(stored);
      await room.settle();
      expect(texts()).toEqual([]);
      expect(seqs()).toEqual([11]);
    });

    it('goes out one after the other, so that it arrives in order', async () => {
      await room.open();
      await room.say('One');
      await room.say('Two', 'members');
      expect(room.socket.all('chat_message')).toHaveLength(1);
      room.socket.last('chat_message').answer({ ok: true, data: aMessage(11, { author: MARA }) });
      await room.settle();
      expect(room.socket.last('chat_message').request).toMatchObject({ message: 'Two', visibility: 'members' });
    });

    it('is sent again under the same id after an interruption, in order', async () => {
      await room.open();
      await room.say('One');
      await room.say('Two');
      const first = room.socket.last('chat_message').request['clientMessageId'];
      room.socket.drop();
      await reconnect();
      expect(room.socket.all('chat_message')).toHaveLength(1);
      await room.recovered([], 10);
      expect(room.socket.last('chat_message').request).toMatchObject({ message: 'One', clientMessageId: first });
    });

    it('is not sent again if the room already has it', async () => {
      await room.open();
      await room.say('One');
      const clientMessageId = room.socket.last('chat_message').request['clientMessageId'] as string;
      room.socket.drop();
      await reconnect();
      await room.recovered([aMessage(11, { author: MARA, clientMessageId })], 11);
      expect(room.socket.all('chat_message')).toHaveLength(1);
      expect(texts()).toEqual([]);
      expect(seqs()).toEqual([11]);
    });

    it('is gone from the outbox when a repeat is answered with a message long past', async () => {
      await room.open();
      await room.say('One');
      room.socket.last('chat_message').answer({ ok: true, data: aMessage(3, { author: MARA }) });
      await room.settle();
      expect(texts()).toEqual([]);
    });

    it('says why when it is refused, lets the next one through, and can be retried or thrown away', async () => {
      await room.open();
      await room.say('Bad');
      await room.say('Good');
      room.socket
        .last('chat_message')
        .answer({ ok: false, error: { code: 'forbidden', message: 'Guests cannot write' } });
      await room.settle();
      expect(room.store.pending()[0]?.refusal).toBe('Guests cannot write');
      expect(room.socket.last('chat_message').request).toMatchObject({ message: 'Good' });
      room.socket.last('chat_message').answer({ ok: true, data: aMessage(9, { author: MARA }) });
      await room.settle();
      const bad = room.store.pending()[0]?.clientMessageId ?? '';
      await room.store.retry(bad);
      await room.settle();
      expect(room.socket.last('chat_message').request).toMatchObject({ message: 'Bad', clientMessageId: bad });
      await room.store.discard(bad);
      expect(texts()).toEqual([]);
    });

    it('waits and goes out by itself when the server asks for patience', async () => {
      await room.open();
      await room.say('Soon');
      const error = { code: 'rate_limited' as const, message: 'Slower, please', retryAfter: 5_000 };
      room.socket.last('chat_message').answer({ ok: false, error });
      await room.settle();
      expect(room.store.pending()[0]?.refusal).toBeNull();
      await jest.advanceTimersByTimeAsync(5_000);
      expect(room.socket.all('chat_message')).toHaveLength(2);
    });
  });

  describe('what came while the reader was not looking', () => {
    it('is counted, without the reader’s own words, until it is seen', async () => {
      await room.open(aRoom({ messages: [aMessage(9)] }));
      expect(room.store.unread()).toBe(0);
      room.hear(aMessage(11));
      room.hear(aMessage(12, { author: MARA }));
      expect(room.store.unread()).toBe(1);
      room.store.markRead();
      expect(room.store.unread()).toBe(0);
    });
  });

  describe('a room that cannot be shown', () => {
    it('does not exist for whoever may not know of it', async () => {
      room.store.open(ROOM_ID);
      room.socket.accept();
      room.socket.last('join_room').answer({ ok: false, error: { code: 'not_found', message: 'No such room' } });
      await room.settle();
      room.http.expectOne(`/api/rooms/${ROOM_ID}`).flush(notFound, { status: 404, statusText: 'Not Found' });
      await room.settle();
      expect(room.store.phase().kind).toBe('not-found');
    });

    it('can be joined if it is public', async () => {
      room.store.open(ROOM_ID);
      room.socket.accept();
      room.socket.last('join_room').answer({ ok: false, error: { code: 'not_found', message: 'No such room' } });
      await room.settle();
      room.http.expectOne(`/api/rooms/${ROOM_ID}`).flush({ id: ROOM_ID, name: 'Harbour', abilities: [] });
      await room.settle();
      expect(room.store.phase().kind).toBe('outside');
      const joining = room.store.takeSeat();
      room.http.expectOne(`/api/rooms/${ROOM_ID}/join`).flush({});
      await room.settle();
      await room.joinedAnew(aRoom());
      await joining;
      expect(room.store.phase().kind).toBe('open');
    });

    it.each(['removed', 'deleted', 'left'] as const)('says that it was %s, and does not come back', async (reason) => {
      await room.open();
      room.socket.push('room_closed', { roomId: ROOM_ID, reason });
      expect(room.store.phase()).toEqual({ kind: 'closed', reason });
      room.socket.drop();
      await reconnect();
      expect(joins()).toHaveLength(1);
    });
  });

  it('hears what the reader may do from now on', async () => {
    await room.open();
    expect(room.store.can('pin_message')).toBe(false);
    room.socket.push('abilities_changed', { roomId: ROOM_ID, abilities: ['read', 'pin_message'] });
    expect(room.store.can('pin_message')).toBe(true);
    expect(room.store.can('chat')).toBe(false);
  });

  it('is not disturbed by what happens to messages that it has not read', async () => {
    await room.open(aRoom({ messages: [aMessage(9)] }));
    room.hear(anEvent(11, 'chat.deleted', { messageId: 'long-ago', threadId: null, thread: null }));
    room.hear(anEvent(12, 'chat.edited', { message: aMessage(2, { message: 'Changed' }) }));
    room.hear(anEvent(13, 'chat.reacted', { messageId: 'long-ago', reactions: [] }));
    expect(seqs()).toEqual([9]);
    expect(room.store.state()?.seq).toBe(13);
  });

  it('reads further back page by page', async () => {
    const messages = Array.from({ length: 50 }, (_, index) => aMessage(101 + index));
    await room.open(aRoom({ seq: 150, messages }));
    const reading = TestBed.inject(History).readOlder();
    room.http
      .expectOne(`/api/rooms/${ROOM_ID}/messages?limit=50&before=101`)
      .flush({ messages: [aMessage(100)], hasMore: false });
    await reading;
    expect(seqs()[0]).toBe(100);
    expect(room.store.hasAllEntries()).toBe(true);
  });
});
