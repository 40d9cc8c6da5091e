import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { ChatMessage, RoomChange, RoomData } from '@clawtank/contracts';
import { MAKE_SOCKET } from '../../core/connection/live-socket';
import { FakeSocket, turn } from '../../core/connection/testing/fake-socket';
import { problemInterceptor } from '../../core/problem/problem.interceptor';
import { Session } from '../../core/session/session';
import { FakeSession } from '../../core/session/testing/fake-session';
import { Archiving } from '../settings/archiving';
import { Uploads } from '../composer/uploads';
import { ROOM_STATE } from '../state/room-state';
import { RoomStore } from '../state/room-store';
import { Talk } from '../talk/talk';
import { EPOCH, ROOM_ID, aRoom } from './builders';

/** A room's store with a test at the other end of its socket; Mara is signed in. */
export class OpenRoom {
  readonly socket = new FakeSocket();
  readonly session = new FakeSession();
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
        Archiving,
        ROOM_STATE,
        Talk,
        Uploads,
      ],
    });
    this.http = TestBed.inject(HttpTestingController);
    this.store = TestBed.inject(RoomStore);
    TestBed.tick();
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
  async recovered(events: readonly (RoomChange | ChatMessage)[], seq: number): Promise<void> {
    const { abilities, presence, viewers } = aRoom();
    const moment = { abilities, presence, viewers };
    this.socket.push('room_joined', { roomId: ROOM_ID, epoch: EPOCH, seq, recovered: true, roomData: null, moment });
    events.forEach((event) => this.hear(event));
    this.socket.last('join_room').answer({ ok: true, data: { roomId: ROOM_ID, epoch: EPOCH, seq, recovered: true } });
    await this.settle();
  }

  /** Mara says something in the room; it is kept, and on its way if there is a connection. */
  async say(text: string, visibility: 'public' | 'members' = 'public'): Promise<void> {
    await this.store.say({ text, visibility });
    await this.settle();
  }

  hear(event: RoomChange | ChatMessage): void {
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
