import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { ActivityItem, ChatMessage, RoomData } from '@clawtank/contracts';
import { problemInterceptor } from '../../core/problem/problem.interceptor';
import { Session } from '../../core/session/session';
import { MAKE_SOCKET, RoomSocket } from '../connection/room-socket';
import { Outbox } from '../state/outbox';
import { RoomStore } from '../state/room-store';
import { EPOCH, ROOM_ID, aRoom } from './builders';
import { FakeSocket, turn } from './fake-socket';

/** A room's store with a test at the other end of its socket; Mara is signed in. */
export class OpenRoom {
  readonly socket = new FakeSocket();
  readonly session = {
    status: signal<'signed-in' | 'signed-out'>('signed-in'),
    account: signal<{ id: string; username: string } | null>({ id: 'mara', username: 'mara' }),
    accessToken: signal<string | null>('token'),
    renewals: 0,
    currentToken: async () => 'token',
    renew: async () => void this.session.renewals++,
  };
  readonly http: HttpTestingController;
  readonly store: RoomStore;

  constructor() {
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideHttpClient(withInterceptors([problemInterceptor])),
        provideHttpClientTesting(),
        { provide: Session, useValue: this.session },
        { provide: MAKE_SOCKET, useValue: () => this.socket },
        RoomSocket,
        Outbox,
        RoomStore,
      ],
    });
    this.http = TestBed.inject(HttpTestingController);
    this.store = TestBed.inject(RoomStore);
  }

  /** Connects and joins; the server answers with a snapshot. */
  async open(room: RoomData = aRoom()): Promise<void> {
    this.store.open(ROOM_ID);
    this.socket.accept();
    await this.joinedAnew(room);
  }

  /** Answers the newest join with a snapshot. */
  async joinedAnew(room: RoomData): Promise<void> {
    const { abilities, presence, viewers, ...state } = room;
    const { epoch, seq } = room;
    this.socket.push('room_joined', {
      roomId: ROOM_ID,
      epoch,
      seq,
      recovered: false,
      roomData: { ...state, abilities, presence, viewers },
      moment: { abilities, presence, viewers },
    });
    this.socket.last('join_room').answer({ ok: true, data: { roomId: ROOM_ID, epoch, seq, recovered: false } });
    await this.settle();
  }

  /** Answers the newest join with what was missed. */
  async recovered(events: readonly (ActivityItem | ChatMessage)[], seq: number): Promise<void> {
    const { abilities, presence, viewers } = aRoom();
    const moment = { abilities, presence, viewers };
    this.socket.push('room_joined', { roomId: ROOM_ID, epoch: EPOCH, seq, recovered: true, roomData: null, moment });
    events.forEach((event) => this.hear(event));
    this.socket.last('join_room').answer({ ok: true, data: { roomId: ROOM_ID, epoch: EPOCH, seq, recovered: true } });
    await this.settle();
  }

  hear(event: ActivityItem | ChatMessage): void {
    if (event.type === 'chat_message') {
      this.socket.push('message_broadcast', { roomId: ROOM_ID, epoch: EPOCH, message: event });
    } else {
      this.socket.push('activity_update', { roomId: ROOM_ID, epoch: EPOCH, activity: [event] });
    }
  }

  async settle(): Promise<void> {
    await turn();
    TestBed.tick();
  }
}
