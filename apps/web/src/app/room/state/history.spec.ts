import { TestBed } from '@angular/core/testing';
import { JONAS, ROOM_ID, aMessage, aRoom, anEvent } from '../testing/builders';
import { OpenRoom } from '../testing/open-room';
import { History } from './history';
import { Quotes } from './quotes';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => aMessage(from + index));
const NOTHING = { activity: [], hasMore: false, hasNewer: false };

describe('the past of a room, as it is read', () => {
  let room: OpenRoom;
  let history: History;
  const seqs = () => room.store.entries().map(({ seq }) => seq);
  const talk = (query: string) => room.http.expectOne(`/api/rooms/${ROOM_ID}/messages?limit=50&${query}`);
  const work = (query: string) => room.http.expectOne(`/api/rooms/${ROOM_ID}/activity?limit=50&${query}`);

  beforeEach(async () => {
    localStorage.clear();
    room = new OpenRoom();
    history = TestBed.inject(History);
    await room.open(aRoom({ seq: 1000, messages: range(951, 1000) }));
  });

  /** Jumps to a place far back, of which the server tells 20 messages on either side. */
  async function jump(to: number): Promise<void> {
    const going = history.goTo(to);
    talk(`around=${to}`).flush({ messages: range(to - 20, to + 20), hasMore: true, hasNewer: true });
    work(`around=${to}`).flush(NOTHING);
    await going;
  }

  it('stays where it is for a place that is known', async () => {
    await history.goTo(960);
    expect(history.isAtNewest()).toBe(true);
  });

  it('shows another stretch after a jump, to which nothing new is added', async () => {
    await jump(500);
    expect(history.isAtNewest()).toBe(false);
    expect([seqs()[0], seqs().at(-1)]).toEqual([480, 520]);
    room.hear(aMessage(1001));
    expect(seqs().at(-1)).toBe(520);
    history.toNewest();
    expect(seqs().at(-1)).toBe(1001);
  });

  it('changes what is shown there as it changes in the room', async () => {
    await jump(500);
    room.hear(anEvent(1001, 'chat.edited', { message: aMessage(500, { message: 'Changed' }) }));
    room.hear(anEvent(1002, 'chat.deleted', { messageId: 'message-501', threadId: null, thread: null }));
    const shown = history.shown().messages;
    expect(shown.find(({ seq }) => seq === 500)?.message).toBe('Changed');
    expect(shown.find(({ seq }) => seq === 501)).toMatchObject({
      message: '',
      deletedAt: expect.any(String) as string,
    });
  });

  it('reads on from there until it meets the newest, without a hole and without a repeat', async () => {
    await jump(900);
    const reading = history.readNewer();
    talk('after=920').flush({ messages: range(921, 970), hasMore: true, hasNewer: true });
    await reading;
    expect(history.isAtNewest()).toBe(true);
    expect(seqs()).toEqual(range(880, 1000).map(({ seq }) => seq));
  });

  it('reads further back from there', async () => {
    await jump(500);
    const reading = history.readOlder();
    talk('before=480').flush({ messages: range(430, 479), hasMore: true, hasNewer: true });
    await reading;
    expect(seqs()[0]).toBe(430);
    expect(history.isAtNewest()).toBe(false);
  });

  it('never shows what was deleted or edited while its page was on the way', async () => {
    const reading = history.readOlder();
    room.hear(anEvent(1001, 'chat.deleted', { messageId: 'message-940', threadId: null, thread: null }));
    room.hear(anEvent(1002, 'chat.edited', { message: aMessage(941, { message: 'Changed' }) }));
    talk('before=951').flush({ messages: range(940, 950), hasMore: true, hasNewer: true });
    await reading;
    expect(history.message('message-940')?.message).toBe('');
    expect(history.message('message-941')?.message).toBe('Changed');
  });

  it('counts a reply once that came while the page of its root was on the way', async () => {
    const root = (replies: number, lastReplyAt: string) =>
      aMessage(940, { thread: replies ? { replies, lastReplyAt } : null });
    const reply = aMessage(1001, { threadId: 'message-940', author: JONAS });
    for (const known of [root(0, ''), root(1, reply.timestamp)]) {
      TestBed.resetTestingModule();
      room = new OpenRoom();
      history = TestBed.inject(History);
      await room.open(aRoom({ seq: 1000, messages: range(951, 1000) }));
      const reading = history.readOlder();
      room.hear(reply);
      talk('before=951').flush({ messages: [known], hasMore: true, hasNewer: true });
      await reading;
      expect(history.message('message-940')?.thread?.replies).toBe(1);
    }
  });

  it('finds what is quoted wherever it is, and follows what becomes of it', async () => {
    const quotes = TestBed.inject(Quotes);
    expect(quotes.find('message-7')).toBe('loading');
    const asking = quotes.want('message-7');
    room.http.expectOne(`/api/rooms/${ROOM_ID}/messages/message-7`).flush(aMessage(7));
    await asking;
    expect(quotes.find('message-7')).toMatchObject({ message: 'Message 7' });
    room.hear(anEvent(1001, 'chat.edited', { message: aMessage(7, { message: 'Changed' }) }));
    expect(quotes.find('message-7')).toMatchObject({ message: 'Changed' });
    room.hear(anEvent(1002, 'chat.deleted', { messageId: 'message-7', threadId: null, thread: null }));
    expect(quotes.find('message-7')).toMatchObject({ message: '', deletedAt: expect.any(String) as string });
  });

  it('knows that a quoted message is gone when there is none', async () => {
    const quotes = TestBed.inject(Quotes);
    const asking = quotes.want('message-7');
    const problem = { type: 'about:blank', title: 'No', status: 404, code: 'not_found', detail: 'No' };
    room.http
      .expectOne(`/api/rooms/${ROOM_ID}/messages/message-7`)
      .flush(problem, { status: 404, statusText: 'Not Found' });
    await asking;
    expect(quotes.find('message-7')).toBe('gone');
  });
});
