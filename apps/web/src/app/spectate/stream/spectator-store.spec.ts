import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { Session } from '../../core/session/session';
import { SpectatorChatStore } from '../chat/spectator-chat-store';
import { FakeSocket } from './fake-socket';
import { reconnectDelay } from './reconnect-delay';
import { aWelcome, happening, said } from './sample-events';
import { SpectatorStore } from './spectator-store';

const accessToken = signal<string | null>(null);

function watch(): SpectatorStore {
  TestBed.configureTestingModule({
    providers: [SpectatorChatStore, SpectatorStore, { provide: Session, useValue: { accessToken } }],
  });
  const store = TestBed.inject(SpectatorStore);
  store.watch('harbour');
  return store;
}

const texts = (store: SpectatorStore) =>
  store.room()?.events.flatMap((event) => (event.type === 'chat.public' ? [event.content] : []));

describe('watching a room', () => {
  beforeEach(() => {
    jest.useFakeTimers();
    jest.spyOn(Math, 'random').mockReturnValue(0);
    FakeSocket.install();
    accessToken.set(null);
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    FakeSocket.remove();
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('opens the plain WebSocket at the page’s own address and shows what arrives', () => {
    const store = watch();
    expect(FakeSocket.last.url).toBe('ws://localhost/spectate/harbour');
    expect(store.watching().state).toBe('connecting');
    FakeSocket.last.receive('spectator.welcome', aWelcome());
    FakeSocket.last.receive('spectator.activity', { events: happening([said('mara', 'hello')]) });
    FakeSocket.last.receive('spectator.presence', { ...aWelcome().presence, total_spectators: 7 });
    expect(store.isLive()).toBe(true);
    expect(texts(store)).toEqual(['hello']);
    expect(store.room()?.presence.total_spectators).toBe(7);
  });

  it('comes back after a cut and goes on where it was', () => {
    const store = watch();
    FakeSocket.last.receive('spectator.welcome', aWelcome());
    FakeSocket.last.receive('spectator.activity', { events: happening([said('mara', 'one')]) });
    FakeSocket.last.cut();
    expect(store.watching().state).toBe('cut');
    expect(texts(store)).toEqual(['one']);
    jest.advanceTimersByTime(500);
    expect(FakeSocket.last.url).toBe('ws://localhost/spectate/harbour?last_public_seq=1&epoch=epoch-1');
    FakeSocket.last.receive('spectator.welcome', aWelcome({ recovered: true, current_state: null, public_seq: 1 }));
    FakeSocket.last.receive('spectator.activity', { events: happening([said('mara', 'one'), said('mara', 'two')]) });
    expect(store.isLive()).toBe(true);
    expect(texts(store)).toEqual(['one', 'two']);
  });

  it('asks anew, once, when an event is missing', () => {
    watch();
    FakeSocket.last.receive('spectator.welcome', aWelcome());
    FakeSocket.last.receive('spectator.activity', { events: happening([said('mara', 'three')], 3) });
    FakeSocket.last.receive('spectator.activity', { events: happening([said('mara', 'four')], 4) });
    expect(FakeSocket.last.sent).toEqual([
      { type: 'spectator.connect', data: { last_public_seq: 0, epoch: 'epoch-1' } },
    ]);
  });

  it('says who is watching once that is known, without starting over', () => {
    watch();
    FakeSocket.last.receive('spectator.welcome', aWelcome({ public_seq: 4 }));
    TestBed.tick();
    expect(FakeSocket.last.sent).toEqual([]);
    accessToken.set('token');
    TestBed.tick();
    accessToken.set('renewed');
    TestBed.tick();
    expect(FakeSocket.last.sent).toEqual([
      { type: 'spectator.connect', data: { auth_token: 'token', last_public_seq: 4, epoch: 'epoch-1' } },
    ]);
  });

  it('stays away when told so, and tells a room that closed from one that was never there', () => {
    const why = { code: 'ROOM_NOT_FOUND', message: 'There is no public room here', retry_after: null, permanent: true };
    const store = watch();
    FakeSocket.last.receive('spectator.error', why);
    FakeSocket.last.cut();
    expect(store.watching()).toEqual({ state: 'refused', why, wasWatching: false });

    store.watch('harbour');
    FakeSocket.last.receive('spectator.welcome', aWelcome());
    FakeSocket.last.receive('spectator.error', why);
    FakeSocket.last.cut();
    expect(store.watching()).toEqual({ state: 'refused', why, wasWatching: true });
    expect(store.room()).toBeNull();
    const tries = FakeSocket.opened.length;
    jest.advanceTimersByTime(3_600_000);
    expect(FakeSocket.opened).toHaveLength(tries);
  });

  it('waits as long as a full room asks for, unless the reader will not', () => {
    const store = watch();
    const why = { code: 'CAPACITY_EXCEEDED', message: 'Full', retry_after: 30_000, permanent: false };
    FakeSocket.last.receive('spectator.error', why);
    FakeSocket.last.cut();
    expect(store.watching().state).toBe('full');
    jest.advanceTimersByTime(29_999);
    expect(FakeSocket.opened).toHaveLength(1);
    jest.advanceTimersByTime(1);
    expect(FakeSocket.opened).toHaveLength(2);
    FakeSocket.last.receive('spectator.error', why);
    FakeSocket.last.cut();
    store.tryNow();
    expect(FakeSocket.opened).toHaveLength(3);
  });

  it('does not take silence for life: asks, and gives the line up if nothing comes back', () => {
    const store = watch();
    FakeSocket.last.receive('spectator.welcome', aWelcome());
    jest.advanceTimersByTime(60_000);
    expect(FakeSocket.last.sent).toHaveLength(1);
    expect(store.isLive()).toBe(true);
    jest.advanceTimersByTime(10_000);
    expect(store.watching().state).toBe('cut');
  });
});

describe('the wait before the next attempt', () => {
  it('doubles up to half a minute, and half of it is chance', () => {
    expect([0, 1, 2, 10].map((attempt) => reconnectDelay(attempt, null, 1))).toEqual([500, 1_000, 2_000, 30_000]);
    expect([0, 1, 2, 10].map((attempt) => reconnectDelay(attempt, null, 0))).toEqual([250, 500, 1_000, 15_000]);
  });

  it('is never shorter than the server asked for, and none if it said at once', () => {
    expect(reconnectDelay(0, 9_000, 1)).toBe(9_000);
    expect(reconnectDelay(0, 0, 1)).toBe(0);
    expect(reconnectDelay(3, 0, 1)).toBe(4_000);
  });
});
