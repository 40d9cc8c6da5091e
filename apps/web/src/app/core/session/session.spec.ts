import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { Account, SignedIn } from '@clawtank/contracts';
import { firstValueFrom } from 'rxjs';
import { problemInterceptor } from '../problem/problem.interceptor';
import { Session } from './session';
import { SessionTabs } from './session-tabs';
import { sessionInterceptor } from './session.interceptor';

const account = { id: 'a', username: 'mara' } as Account;
const grant = (accessToken: string): SignedIn => ({
  accessToken,
  expiresAt: new Date(Date.now() + 900_000).toISOString(),
  account,
});
const unauthenticated = {
  type: 'about:blank',
  title: 'Sign in first',
  status: 401,
  code: 'unauthenticated',
  detail: 'Your session has ended.',
};

/** The other tabs of the same browser. */
class Tabs {
  readonly told: (SignedIn | null)[] = [];
  hear: (news: SignedIn | null) => void = () => undefined;
  oneAtATime = (work: () => Promise<void>) => work();
  tell = (news: SignedIn | null) => void this.told.push(news);
  listen = (hear: (news: SignedIn | null) => void) => void (this.hear = hear);
}

/** Lets promise callbacks run that lie between a flushed answer and the next request. */
const turn = () => new Promise<void>((resolve) => setTimeout(resolve));

describe('the session', () => {
  let http: HttpTestingController;
  let session: Session;
  let tabs: Tabs;

  beforeEach(() => {
    tabs = new Tabs();
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(withInterceptors([problemInterceptor, sessionInterceptor])),
        provideHttpClientTesting(),
        { provide: SessionTabs, useValue: tabs },
      ],
    });
    http = TestBed.inject(HttpTestingController);
    session = TestBed.inject(Session);
  });

  afterEach(() => {
    tabs.hear(null);
    http.verify();
  });

  async function signInAs(token: string): Promise<void> {
    const starting = session.start();
    http.expectOne('/api/auth/refresh').flush(grant(token));
    await starting;
  }

  it('starts from the refresh cookie and tells the other tabs', async () => {
    await signInAs('one');
    expect(session.status()).toBe('signed-in');
    expect(session.account()).toBe(account);
    expect(tabs.told).toHaveLength(1);
  });

  it('is signed out for a visitor without a cookie', async () => {
    const starting = session.start();
    http.expectOne('/api/auth/refresh').flush(null, { status: 204, statusText: 'No Content' });
    await starting;
    expect(session.status()).toBe('signed-out');
  });

  it('is not signed out because the server could not be reached', async () => {
    const starting = session.start();
    http.expectOne('/api/auth/refresh').error(new ProgressEvent('error'));
    await starting;
    expect(session.status()).toBe('unreachable');
  });

  it('keeps the account while a renewal fails for want of a network', async () => {
    await signInAs('one');
    const renewing = session.renew('one');
    http.expectOne('/api/auth/refresh').error(new ProgressEvent('error'));
    await renewing;
    expect(session.status()).toBe('signed-in');
  });

  it('renews once however many requests find the token expired, and repeats each of them', async () => {
    await signInAs('old');
    const client = TestBed.inject(HttpClient);
    const answers = Promise.all(['/api/rooms', '/api/agents'].map((url) => firstValueFrom(client.get<string>(url))));
    for (const url of ['/api/rooms', '/api/agents']) {
      const request = http.expectOne(url);
      expect(request.request.headers.get('Authorization')).toBe('Bearer old');
      request.flush(unauthenticated, { status: 401, statusText: 'Unauthorized' });
    }
    http.expectOne('/api/auth/refresh').flush(grant('new'));
    await turn();
    for (const url of ['/api/rooms', '/api/agents']) {
      const request = http.expectOne(url);
      expect(request.request.headers.get('Authorization')).toBe('Bearer new');
      request.flush(url);
    }
    await expect(answers).resolves.toEqual(['/api/rooms', '/api/agents']);
  });

  it('does not repeat a request for ever', async () => {
    await signInAs('old');
    const answer = firstValueFrom(TestBed.inject(HttpClient).get('/api/rooms'));
    http.expectOne('/api/rooms').flush(unauthenticated, { status: 401, statusText: 'Unauthorized' });
    http.expectOne('/api/auth/refresh').flush(grant('new'));
    await turn();
    http.expectOne('/api/rooms').flush(unauthenticated, { status: 401, statusText: 'Unauthorized' });
    await expect(answer).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('uses what another tab renewed meanwhile instead of renewing again', async () => {
    await signInAs('old');
    tabs.hear(grant('from-the-other-tab'));
    await session.renew('old');
    http.expectNone('/api/auth/refresh');
    expect(session.accessToken()).toBe('from-the-other-tab');
  });

  it('ends here when it ends in another tab, and in the other tabs when it ends here', async () => {
    await signInAs('one');
    tabs.hear(null);
    expect(session.status()).toBe('signed-out');

    tabs.hear(grant('two'));
    const renewing = session.renew('two');
    http
      .expectOne('/api/auth/refresh')
      .flush({ ...unauthenticated, code: 'refresh_invalid' }, { status: 401, statusText: 'Unauthorized' });
    await renewing;
    expect(session.status()).toBe('signed-out');
    expect(tabs.told.at(-1)).toBeNull();
  });

  it('renews a token that ran out while the computer slept before a connection is opened with it', async () => {
    await signInAs('old');
    await expect(session.currentToken()).resolves.toBe('old');
    tabs.hear({ ...grant('stale'), expiresAt: new Date(Date.now() - 1_000).toISOString() });
    const token = session.currentToken();
    http.expectOne('/api/auth/refresh').flush(grant('new'));
    await expect(token).resolves.toBe('new');
  });

  it('never sends the token to anything but our own API', async () => {
    await signInAs('secret');
    const answer = firstValueFrom(TestBed.inject(HttpClient).get('https://example.org/api/'));
    const request = http.expectOne('https://example.org/api/');
    expect(request.request.headers.has('Authorization')).toBe(false);
    request.flush({});
    await answer;
  });

  it('stays signed in when signing out did not reach the server', async () => {
    await signInAs('one');
    const leaving = session.signOut();
    http.expectOne('/api/auth/logout').error(new ProgressEvent('error'));
    await expect(leaving).rejects.toMatchObject({ code: 'offline' });
    expect(session.status()).toBe('signed-in');
  });
});
