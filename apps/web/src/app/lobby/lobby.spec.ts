import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { RoomCard } from '@clawtank/contracts';
import { problemInterceptor } from '../core/problem/problem.interceptor';
import { Session } from '../core/session/session';
import { Invitations } from '../notifications/invitations';
import { Lobby } from './lobby';

const aRoom = (changes: Partial<RoomCard> = {}): RoomCard => ({
  id: 'harbour',
  name: 'Harbour',
  description: 'Signal lights for small ports',
  visibility: 'public',
  language: null,
  topics: [],
  archivedAt: null,
  createdAt: '2026-11-01T00:00:00.000Z',
  memberCount: 3,
  agentCount: 2,
  viewers: 0,
  lastActivityAt: '2026-11-20T00:00:00.000Z',
  pulse: [0, 0, 1, 2],
  lastMerged: null,
  joined: false,
  maxMembers: 20,
  ...changes,
});

describe('the lobby', () => {
  let http: HttpTestingController;
  let session: { status: ReturnType<typeof signal<string>>; account: ReturnType<typeof signal<unknown>> };

  async function open(account: { id: string } | null, inputs: Record<string, string> = {}) {
    session = { status: signal(account ? 'signed-in' : 'signed-out'), account: signal<unknown>(account) };
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideHttpClient(withInterceptors([problemInterceptor])),
        provideHttpClientTesting(),
        { provide: Session, useValue: session },
        { provide: Invitations, useValue: { open: signal([]), answering: signal(null) } },
      ],
    });
    http = TestBed.inject(HttpTestingController);
    const fixture = TestBed.createComponent(Lobby);
    for (const [name, value] of Object.entries(inputs)) {
      fixture.componentRef.setInput(name, value);
    }
    TestBed.tick();
    http.expectOne('/api/rooms/facets').flush({
      languages: [{ name: 'rust', rooms: 2 }],
      topics: [{ name: 'parsers', rooms: 1 }],
    });
    return fixture;
  }

  /** Lets an answer reach the page. */
  async function settle(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) {
      await Promise.resolve();
    }
    TestBed.tick();
  }

  async function answer(url: string, rooms: RoomCard[], nextCursor?: string) {
    http.expectOne(url).flush({ rooms, nextCursor: nextCursor ?? null });
    await settle();
  }

  const page = (fixture: ComponentFixture<unknown>) => fixture.nativeElement as HTMLElement;
  const link = (fixture: ComponentFixture<unknown>, words: string) =>
    [...page(fixture).querySelectorAll('a')].find(({ textContent }) => textContent.trim() === words);
  const button = (fixture: ComponentFixture<unknown>, words: string) =>
    [...page(fixture).querySelectorAll('button')].find(({ textContent }) => textContent.trim() === words);
  const names = (fixture: ComponentFixture<unknown>) =>
    [...page(fixture).querySelectorAll('h2 a')].map(({ textContent }) => textContent.trim());

  it('leads a visitor to watch and a member into the room', async () => {
    const fixture = await open(null);
    await answer('/api/rooms?scope=public', [
      aRoom({ language: 'go', topics: ['web-sockets'] }),
      aRoom({ id: 'reef', name: 'Reef', joined: true }),
    ]);
    expect(link(fixture, 'Harbour')?.getAttribute('href')).toBe('/spectate/harbour');
    expect(link(fixture, 'Reef')?.getAttribute('href')).toBe('/rooms/reef');
    expect(link(fixture, 'web-sockets')?.getAttribute('href')).toBe('/?topic=web-sockets');
    expect(page(fixture).textContent).toContain('2 agents');
    expect(page(fixture).textContent).toMatch(/3\s+people/);
    expect(page(fixture).querySelector('ct-sparkline svg')?.getAttribute('aria-label')).toBe(
      '3 events in the last hour',
    );
  });

  it('calls a room live only while something happens in it', async () => {
    const fixture = await open(null);
    await answer('/api/rooms?scope=public', [
      aRoom({ pulse: [9, 9, 0, 0] }),
      aRoom({ id: 'reef', pulse: [0, 0, 0, 1] }),
    ]);
    const cards = [...page(fixture).querySelectorAll('ct-room-card')];
    expect(cards.map((card) => card.querySelector('ct-live-dot') !== null)).toEqual([false, true]);
  });

  it('keeps search, filters and order in the address, and asks by them', async () => {
    const fixture = await open(
      { id: 'mara' },
      { search: ' tide ', scope: 'mine', language: 'zig', topic: 'parsers', active: 'week', sort: 'newest' },
    );
    await answer('/api/rooms?scope=mine&search=tide&language=zig&topic=parsers&activeWithin=week&sort=newest', []);
    const chosen = [...page(fixture).querySelectorAll('select')].map(({ selectedOptions }) =>
      selectedOptions[0]?.textContent.trim(),
    );
    expect(chosen).toEqual(['zig', 'alive this week', 'Newest first']);
    expect(page(fixture).querySelector('input')?.value).toBe(' tide ');
    expect(page(fixture).textContent).toContain('No room is like that');
    expect(link(fixture, 'Yours')?.getAttribute('aria-current')).toBe('true');
    expect(page(fixture).querySelector('[aria-label=Topics] [aria-current]')?.textContent).toContain('parsers');
  });

  it('offers no seat in a full room', async () => {
    const fixture = await open({ id: 'mara' });
    await answer('/api/rooms?scope=public', [aRoom({ memberCount: 15, agentCount: 5 })]);
    expect(page(fixture).textContent).toContain('Full');
    expect(page(fixture).textContent).not.toContain('Join');
  });

  it('goes on where the page ended, and says if that failed without taking anything away', async () => {
    const fixture = await open(null);
    await answer('/api/rooms?scope=public', [aRoom()], 'further');
    button(fixture, 'Show more rooms')?.click();
    http.expectOne('/api/rooms?scope=public&cursor=further').error(new ProgressEvent('error'));
    await settle();
    expect(names(fixture)).toEqual(['Harbour']);
    button(fixture, 'Try again')?.click();
    await answer('/api/rooms?scope=public&cursor=further', [aRoom(), aRoom({ id: 'reef', name: 'Reef' })]);
    expect(names(fixture)).toEqual(['Harbour', 'Reef']);
    expect(button(fixture, 'Show more rooms')).toBeUndefined();
  });

  it('brings the cards up to date where they lie; a new order waits until it is asked for', async () => {
    const fixture = await open(null);
    const reef = aRoom({ id: 'reef', name: 'Reef' });
    await answer('/api/rooms?scope=public', [aRoom(), reef]);
    document.dispatchEvent(new Event('visibilitychange'));
    await answer('/api/rooms?scope=public&limit=30', [
      aRoom({ id: 'kelp', name: 'Kelp' }),
      { ...reef, viewers: 7 },
      aRoom(),
    ]);
    expect(names(fixture)).toEqual(['Harbour', 'Reef']);
    expect(page(fixture).textContent).toContain('7 watching');
    button(fixture, '1 more room')?.click();
    await settle();
    expect(names(fixture)).toEqual(['Kelp', 'Reef', 'Harbour']);
  });

  it('says what happened when the server cannot be reached, and tries again when asked', async () => {
    const fixture = await open(null);
    http.expectOne('/api/rooms?scope=public').error(new ProgressEvent('error'));
    await settle();
    expect(page(fixture).querySelector('[role=alert]')?.textContent).toContain('ClawTank cannot be reached');
    button(fixture, 'Try again')?.click();
    TestBed.tick();
    await answer('/api/rooms?scope=public', [aRoom()]);
    expect(link(fixture, 'Harbour')).toBeDefined();
  });
});
