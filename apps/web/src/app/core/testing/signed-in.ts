import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import type { EnvironmentProviders, Provider } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { type Routes, provideRouter, withComponentInputBinding } from '@angular/router';
import type { Badges, DirectBadge, RoomBadge } from '@clawtank/contracts';
import { MAKE_SOCKET } from '../connection/live-socket';
import { FakeSocket, turn } from '../connection/testing/fake-socket';
import { problemInterceptor } from '../problem/problem.interceptor';
import { Session } from '../session/session';
import { FakeSession } from '../session/testing/fake-session';

/** The client of somebody who is signed in, Mara, with a test in the server's place. */
export class SignedIn {
  readonly wire = new FakeSocket();
  readonly session = new FakeSession();
  readonly http: HttpTestingController;

  constructor(routes: Routes = [], providers: (Provider | EnvironmentProviders)[] = []) {
    TestBed.configureTestingModule({
      providers: [
        provideRouter(routes, withComponentInputBinding()),
        provideHttpClient(withInterceptors([problemInterceptor])),
        provideHttpClientTesting(),
        { provide: Session, useValue: this.session },
        { provide: MAKE_SOCKET, useValue: () => this.wire },
        ...providers,
      ],
    });
    this.http = TestBed.inject(HttpTestingController);
  }

  /** The server takes the connection. */
  async connect(): Promise<void> {
    TestBed.tick();
    this.wire.accept();
    await this.settle();
  }

  /** Answers the newest request to this address. */
  async answer(address: string, body: object | null): Promise<void> {
    const request = this.http.match(({ urlWithParams }) => urlWithParams === address).at(-1);
    if (!request) {
      throw new Error(`${address} was not asked for`);
    }
    request.flush(body);
    await this.settle();
  }

  async refuse(address: string, status: number, code: string, detail: string): Promise<void> {
    const problem = { type: 'about:blank', title: 'No', status, code, detail };
    this.http.expectOne(address).flush(problem, { status, statusText: 'No' });
    await this.settle();
  }

  answerBadges(badges: Partial<Badges>): Promise<void> {
    return this.answer('/api/me/badges', { rooms: [], direct: [], notifications: 0, ...badges });
  }

  async push(name: string, push: object): Promise<void> {
    this.wire.push(name, push);
    await this.settle();
  }

  async settle(): Promise<void> {
    await turn();
    TestBed.tick();
  }
}

export const aBadge = (changes: Partial<RoomBadge> = {}): RoomBadge => ({
  roomId: 'harbour',
  unread: 0,
  mentions: 0,
  lastReadSeq: 10,
  firstUnreadSeq: null,
  level: 'all',
  ...changes,
});

export const aDirectBadge = (changes: Partial<DirectBadge> = {}): DirectBadge => ({
  roomId: 'harbour',
  member: { id: 'jonas', name: 'jonas', type: 'human' },
  unread: 0,
  lastReadSeq: 0,
  lastMessageAt: '2026-11-21T12:00:00.000Z',
  ...changes,
});
