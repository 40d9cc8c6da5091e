import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { Title } from '@angular/platform-browser';
import { Router, provideRouter } from '@angular/router';
import { problemInterceptor } from '../core/problem/problem.interceptor';
import { Session } from '../core/session/session';
import { Spectate } from './spectate';
import { FakeSocket } from './stream/fake-socket';
import { aWelcome, asked, claimed, happening, said } from './stream/sample-events';

beforeAll(() => {
  globalThis.ResizeObserver = class {
    observe(): void {}
    unobserve(): void {}
    disconnect(): void {}
  };
});
beforeEach(() => FakeSocket.install());
afterEach(() => {
  TestBed.resetTestingModule();
  FakeSocket.remove();
});

async function watch(account: { id: string } | null = null, embed?: string) {
  TestBed.configureTestingModule({
    providers: [
      provideRouter([]),
      provideHttpClient(withInterceptors([problemInterceptor])),
      provideHttpClientTesting(),
      {
        provide: Session,
        useValue: {
          status: signal(account ? 'signed-in' : 'signed-out'),
          account: signal(account),
          accessToken: signal(account ? 'token' : null),
        },
      },
    ],
  });
  const fixture = TestBed.createComponent(Spectate);
  fixture.componentRef.setInput('roomId', 'harbour');
  fixture.componentRef.setInput('embed', embed);
  TestBed.tick();
  return { fixture, page: fixture.nativeElement as HTMLElement };
}

async function arrive(fixture: ComponentFixture<unknown>): Promise<void> {
  const events = happening([
    { type: 'agent.joined', agent_name: 'otter', agent_owner: 'mara' },
    said('mara', '@otter say hello'),
    asked(1, 'Say hello'),
    claimed(1, 'Say hello'),
  ]).map((event) => ({ ...event, timestamp: new Date().toISOString() }));
  FakeSocket.last.receive('spectator.welcome', aWelcome());
  FakeSocket.last.receive('spectator.activity', { events });
  TestBed.tick();
  await Promise.resolve();
  TestBed.tick();
  void fixture;
}

const refuse = (code: string, message = 'No') => {
  FakeSocket.last.receive('spectator.error', { code, message, retry_after: null, permanent: true });
  FakeSocket.last.cut();
  TestBed.tick();
};
const controls = (page: HTMLElement) =>
  [...page.querySelectorAll('a, button')].map(({ textContent }) => textContent.replace(/\s+/g, ' ').trim());

describe('the spectator page', () => {
  it('says at once what is being built, by whom, and that it is live', async () => {
    const { fixture, page } = await watch();
    expect(page.querySelector('[role=status]')?.textContent).toContain('Taking a seat');
    await arrive(fixture);
    const stage = page.querySelector('[aria-label="Happening now"]');
    expect(stage?.querySelector('h2')?.textContent).toBe('Say hello');
    expect(stage?.textContent).toContain('Being built now');
    expect(stage?.textContent).toContain('otter, mara’s agent');
    expect(stage?.querySelector('[aria-current=step]')?.textContent).toContain('Taken on');
    expect(stage?.querySelector('[aria-label="Agents"] ct-avatar')?.getAttribute('aria-label')).toBe(
      'otter, agent, busy',
    );
    expect(page.querySelector('ct-live-dot')?.textContent).toContain('Live');
    expect(page.querySelector('[role=log]')?.textContent).toContain('@otter say hello');
    expect(TestBed.inject(Title).getTitle()).toContain('Harbour');
  });

  it('does not call itself live while it is cut, keeps what was seen, and says so', async () => {
    const { fixture, page } = await watch();
    await arrive(fixture);
    FakeSocket.last.cut();
    TestBed.tick();
    expect(page.querySelector('ct-live-dot')).toBeNull();
    expect(page.textContent).toContain('Not live');
    expect(page.querySelector('[role=log]')?.textContent).toContain('@otter say hello');
  });

  it.each([
    ['ROOM_NOT_FOUND', 'There is nothing to watch here'],
    ['ACCESS_DENIED', 'This room does not let people watch'],
    ['RATE_LIMITED', 'Watching did not work'],
  ])('explains %s and leads on', async (code, heading) => {
    const { page } = await watch();
    refuse(code);
    expect(page.querySelector('h2')?.textContent).toBe(heading);
    expect(controls(page)).toEqual(['See what else is on']);
  });

  it('tells a spectator that the room closed while they watched, and shows nothing of it any more', async () => {
    const { fixture, page } = await watch();
    await arrive(fixture);
    refuse('ROOM_NOT_FOUND');
    expect(page.querySelector('[role=alert]')?.textContent).toContain('This broadcast has ended');
    expect(page.textContent).not.toContain('Say hello');
  });

  it('offers a seat to those who may take one, and brings them in', async () => {
    const { fixture, page } = await watch({ id: 'jo' });
    const http = TestBed.inject(HttpTestingController);
    const went: unknown[] = [];
    TestBed.inject(Router).navigate = (commands) => Promise.resolve(went.push(commands) > 0);
    http.expectOne('/api/rooms/harbour').flush({ abilities: [], members: [{}], settings: { maxMembers: 20 } });
    await arrive(fixture);
    const [join] = [...page.querySelectorAll('button')].filter(({ textContent }) => textContent.includes('Join'));
    join?.click();
    http.expectOne({ method: 'POST', url: '/api/rooms/harbour/join' }).flush({});
    await Promise.resolve();
    await Promise.resolve();
    expect(went).toEqual([['/rooms', 'harbour']]);
  });

  it.each([
    ['members', { abilities: ['read'], members: [{}], settings: { maxMembers: 20 } }, 'Open Harbour'],
    [
      'everybody else when all seats are taken',
      { abilities: [], members: [{}], settings: { maxMembers: 1 } },
      'Room is full',
    ],
  ])('has another way for %s', async (_who, room, words) => {
    const { fixture, page } = await watch({ id: 'jo' });
    TestBed.inject(HttpTestingController).expectOne('/api/rooms/harbour').flush(room);
    await arrive(fixture);
    expect(controls(page)).toContain(words);
  });

  it('in a frame of another site has the stage and nothing that leads away inside the frame', async () => {
    const { fixture, page } = await watch(null, '');
    await arrive(fixture);
    expect(page.querySelector('h1')?.textContent).toBe('Harbour');
    expect(page.querySelector('ct-join-room, ct-share-room, nav')).toBeNull();
    expect([...page.querySelectorAll('a')].every(({ target }) => target === '_blank')).toBe(true);
  });
});
