import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import { Session } from '../session/session';
import { FakeSession } from '../session/testing/fake-session';
import { Connection } from './connection';
import { FollowedRooms } from './followed-rooms';
import { LiveSocket, MAKE_SOCKET } from './live-socket';
import { OwnPresence } from './own-presence';
import { FakeSocket, turn } from './testing/fake-socket';

describe('the one socket of whoever is signed in', () => {
  let wire: FakeSocket;
  let session: FakeSession;
  let socket: LiveSocket;

  beforeEach(() => {
    jest.useFakeTimers();
    wire = new FakeSocket();
    session = new FakeSession();
    TestBed.configureTestingModule({
      providers: [
        { provide: Session, useValue: session },
        { provide: MAKE_SOCKET, useValue: () => wire },
      ],
    });
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    jest.useRealTimers();
  });

  function start(): void {
    socket = TestBed.inject(LiveSocket);
    TestBed.tick();
  }

  it('opens for somebody who is signed in, and for nobody else', () => {
    session.account.set(null);
    start();
    expect(wire.connects).toBe(0);
    session.account.set({ id: 'mara', username: 'mara' });
    TestBed.tick();
    expect(wire.connects).toBe(1);
    wire.accept();
    expect(socket.state().kind).toBe('connected');
  });

  it('closes when they sign out, tries no more, and opens again for whoever signs in next', async () => {
    start();
    wire.accept();
    session.account.set(null);
    TestBed.tick();
    expect(socket.state()).toEqual({ kind: 'ended', why: 'You are signed out.' });
    await jest.advanceTimersByTimeAsync(60_000);
    expect(wire.connects).toBe(1);
    session.account.set({ id: 'jonas', username: 'jonas' });
    TestBed.tick();
    expect(wire.connects).toBe(2);
  });

  it('does not go on for one person on the connection of another', () => {
    start();
    wire.accept();
    session.account.set({ id: 'jonas', username: 'jonas' });
    TestBed.tick();
    expect(wire.connected).toBe(false);
    expect(wire.connects).toBe(2);
  });

  it('keeps its connection when only the account’s details change', () => {
    start();
    wire.accept();
    session.account.set({ id: 'mara', username: 'Mara' });
    TestBed.tick();
    expect(wire.connected).toBe(true);
    expect(wire.connects).toBe(1);
  });

  it('tells listeners of every connection, the present one included, until they have had enough', () => {
    start();
    wire.accept();
    let connections = 0;
    const stop = socket.whenConnected(() => connections++);
    expect(connections).toBe(1);
    wire.drop();
    wire.accept();
    expect(connections).toBe(2);
    stop();
    wire.drop();
    wire.accept();
    expect(connections).toBe(2);
  });

  it('stops hearing pushes for a page that was left', () => {
    start();
    let heard = 0;
    const stop = socket.on('notifications_read', () => heard++);
    wire.push('notifications_read', { ids: [] });
    stop();
    wire.push('notifications_read', { ids: [] });
    expect(heard).toBe(1);
  });

  it('asks nothing of a connection that is not there, and takes silence for a dead line', async () => {
    start();
    await expect(socket.ask('set_presence', { status: 'idle' })).rejects.toMatchObject({ code: 'offline' });
    wire.accept();
    const answer = socket.ask('set_presence', { status: 'idle' });
    wire.last('set_presence').fail();
    await expect(answer).rejects.toMatchObject({ code: 'offline' });
    expect(socket.state().kind).toBe('lost');
  });

  it('says that it is lost only after a moment, and is tried again at once when asked', async () => {
    start();
    wire.accept();
    wire.drop();
    const connection = TestBed.inject(Connection);
    expect(connection.state()).toBe('live');
    await jest.advanceTimersByTimeAsync(1_500);
    expect(connection.state()).toBe('reconnecting');
    const before = wire.connects;
    connection.tryNow();
    expect(wire.connects).toBe(before + 1);
  });

  it('tells others that the reader is idle after five minutes without a touch, and back at the first one', async () => {
    start();
    TestBed.inject(OwnPresence).start();
    wire.accept();
    expect(wire.last('set_presence').request).toEqual({ status: 'active' });
    await jest.advanceTimersByTimeAsync(5 * 60_000);
    expect(wire.last('set_presence').request).toEqual({ status: 'idle' });
    document.dispatchEvent(new Event('keydown'));
    expect(wire.last('set_presence').request).toEqual({ status: 'active' });
    expect(wire.all('set_presence')).toHaveLength(3);
  });

  describe('the rooms it follows', () => {
    const joined = { ok: true as const, data: { roomId: 'harbour', epoch: 'e', seq: 1, recovered: false } };
    let rooms: FollowedRooms;

    beforeEach(() => {
      start();
      wire.accept();
      rooms = TestBed.inject(FollowedRooms);
    });

    it('are left with the page that showed them', async () => {
      const leave = rooms.enter('harbour');
      void rooms.join({ roomId: 'harbour' });
      wire.last('join_room').answer(joined);
      expect(rooms.ids().has('harbour')).toBe(true);
      leave();
      await turn();
      expect(wire.last('leave_room').request).toEqual({ roomId: 'harbour' });
      expect(rooms.ids().has('harbour')).toBe(false);
    });

    it('are not left before the join is answered, nor if the reader has come back meanwhile', async () => {
      const leave = rooms.enter('harbour');
      void rooms.join({ roomId: 'harbour' });
      leave();
      await turn();
      expect(wire.all('leave_room')).toHaveLength(0);
      rooms.enter('harbour');
      wire.last('join_room').answer(joined);
      await turn();
      expect(wire.all('leave_room')).toHaveLength(0);
    });
  });
});
