import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { problemInterceptor } from '../core/problem/problem.interceptor';
import { Session } from '../core/session/session';
import { InvitationPage } from './invitation';

const PREVIEW = {
  room: { id: 'harbour', name: 'Harbour', description: 'Signal lights' },
  invitedBy: 'mara',
  memberCount: 3,
  maxMembers: 20,
  joined: false,
};
const refusal = (code: string, status: number) => ({
  type: 'about:blank',
  title: code,
  status,
  code,
  detail: `Refused: ${code}`,
});

describe('an invitation link', () => {
  let http: HttpTestingController;
  let fixture: ComponentFixture<InvitationPage>;

  async function settle(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) {
      await Promise.resolve();
    }
    TestBed.tick();
  }

  async function open(body: object, status = 200, account: object | null = { id: 'jonas', username: 'jonas' }) {
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideHttpClient(withInterceptors([problemInterceptor])),
        provideHttpClientTesting(),
        {
          provide: Session,
          useValue: { status: signal(account ? 'signed-in' : 'signed-out'), account: signal(account) },
        },
      ],
    });
    http = TestBed.inject(HttpTestingController);
    fixture = TestBed.createComponent(InvitationPage);
    fixture.componentRef.setInput('token', 'secret');
    TestBed.tick();
    http.expectOne('/api/invitations/secret').flush(body, { status, statusText: 'as told' });
    await settle();
  }

  const words = () => (fixture.nativeElement as HTMLElement).textContent.replace(/\s+/g, ' ');
  const button = (name: string) =>
    [...(fixture.nativeElement as HTMLElement).querySelectorAll('button')].find(
      ({ textContent }) => textContent.trim() === name,
    );

  it('says who invites into what, and how many seats are taken', async () => {
    await open(PREVIEW);
    expect(words()).toContain('mara invites you to');
    expect(words()).toContain('3 of 20 seats taken');
    expect(button('Join the room')).toBeDefined();
  });

  it('looks again whether a seat came free in a full room', async () => {
    await open({ ...PREVIEW, memberCount: 20 });
    expect(words()).toContain('Every seat is taken');
    expect(button('Join the room')).toBeUndefined();
    button('Look again')?.click();
    TestBed.tick();
    http.expectOne('/api/invitations/secret').flush(PREVIEW);
    await settle();
    expect(button('Join the room')).toBeDefined();
  });

  it.each([
    ['invitation_invalid', 410, 'does not work any more'],
    ['banned', 403, 'You are banned from this room'],
    ['room_archived', 403, 'This room is archived'],
    ['rate_limited', 429, 'One moment'],
  ])('explains %s and leads to the lobby', async (code, status, heading) => {
    await open(refusal(code, status), status);
    expect(words()).toContain(heading);
    expect(words()).toContain('Go to the lobby');
  });

  it('says why joining was refused, and does not offer it again', async () => {
    await open(PREVIEW);
    button('Join the room')?.click();
    TestBed.tick();
    http.expectOne('/api/rooms/harbour/join').flush(refusal('banned', 403), { status: 403, statusText: 'Forbidden' });
    await settle();
    expect(words()).toContain('Refused: banned');
    expect(button('Join the room')).toBeUndefined();
  });

  it('sees that somebody else was quicker to the last seat', async () => {
    await open(PREVIEW);
    button('Join the room')?.click();
    TestBed.tick();
    http.expectOne('/api/rooms/harbour/join').flush(refusal('room_full', 409), { status: 409, statusText: 'Conflict' });
    await settle();
    http.expectOne('/api/invitations/secret').flush({ ...PREVIEW, memberCount: 20 });
    await settle();
    expect(words()).toContain('Every seat is taken');
  });
});
