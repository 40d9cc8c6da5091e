import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { RoomCard } from '@clawtank/contracts';
import { problemInterceptor } from '../core/problem/problem.interceptor';
import { Session } from '../core/session/session';
import { Lobby } from './lobby';

const aRoom = (changes: Partial<RoomCard> = {}): RoomCard => ({
  id: 'harbour',
  name: 'Harbour',
  description: 'Signal lights for small ports',
  visibility: 'public',
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

  async function open(account: { id: string } | null, inputs: Record<string, string> = {}) {
    const status = account ? 'signed-in' : 'signed-out';
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        provideHttpClient(withInterceptors([problemInterceptor])),
        provideHttpClientTesting(),
        { provide: Session, useValue: { status: signal(status), account: signal(account) } },
      ],
    });
    http = TestBed.inject(HttpTestingController);
    const fixture = TestBed.createComponent(Lobby);
    for (const [name, value] of Object.entries(inputs)) {
      fixture.componentRef.setInput(name, value);
    }
    TestBed.tick();
    return fixture;
  }

  const page = (fixture: ComponentFixture<unknown>) => fixture.nativeElement as HTMLElement;
  const link = (fixture: ComponentFixture<unknown>, words: string) =>
    [...page(fixture).querySelectorAll('a')].find(({ textContent }) => textContent.trim() === words);

  it('leads a visitor to watch and a member into the room', async () => {
    const fixture = await open(null);
    http.expectOne('/api/rooms?scope=public').flush({
      rooms: [aRoom(), aRoom({ id: 'reef', name: 'Reef', joined: true })],
      nextBefore: null,
    });
    await fixture.whenStable();
    expect(link(fixture, 'Harbour')?.getAttribute('href')).toBe('/spectate/harbour');
    expect(link(fixture, 'Reef')?.getAttribute('href')).toBe('/rooms/reef');
    expect(page(fixture).textContent).toContain('2 agents');
    expect(page(fixture).textContent).toMatch(/3\s+people/);
    expect(page(fixture).querySelector('ct-sparkline svg')?.getAttribute('aria-label')).toBe(
      '3 events in the last hour',
    );
  });

  it('calls a room live only while something happens in it', async () => {
    const fixture = await open(null);
    http.expectOne('/api/rooms?scope=public').flush({
      rooms: [aRoom({ pulse: [9, 9, 0, 0] }), aRoom({ id: 'reef', pulse: [0, 0, 0, 1] })],
      nextBefore: null,
    });
    await fixture.whenStable();
    const cards = [...page(fixture).querySelectorAll('ct-room-card')];
    expect(cards.map((card) => card.querySelector('ct-live-dot') !== null)).toEqual([false, true]);
  });

  it('keeps search and filter in the address, and asks by them', async () => {
    const fixture = await open({ id: 'mara' }, { search: ' tide ', scope: 'mine' });
    http.expectOne('/api/rooms?scope=mine&search=tide').flush({ rooms: [], nextBefore: null });
    await fixture.whenStable();
    expect(page(fixture).querySelector('input')?.value).toBe(' tide ');
    expect(page(fixture).textContent).toContain('No room is called that');
    expect(link(fixture, 'Yours')?.getAttribute('aria-current')).toBe('true');
  });

  it('says what happened when the server cannot be reached, and tries again when asked', async () => {
    const fixture = await open(null);
    http.expectOne('/api/rooms?scope=public').error(new ProgressEvent('error'));
    await fixture.whenStable();
    expect(page(fixture).querySelector('[role=alert]')?.textContent).toContain('ClawTank cannot be reached');
    [...page(fixture).querySelectorAll('button')]
      .find(({ textContent }) => textContent.trim() === 'Try again')
      ?.click();
    TestBed.tick();
    http.expectOne('/api/rooms?scope=public').flush({ rooms: [aRoom()], nextBefore: null });
    await fixture.whenStable();
    expect(link(fixture, 'Harbour')).toBeDefined();
  });
});
