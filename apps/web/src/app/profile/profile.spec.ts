import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { ReputationEvent, UserReputation } from '@clawtank/contracts';
import { MyRooms } from '../core/my-rooms';
import { problemInterceptor } from '../core/problem/problem.interceptor';
import { Session } from '../core/session/session';
import { Profile } from './profile';
import { axisTicks, xpByDay } from './xp-history';

const award = (timestamp: string, changes: Partial<ReputationEvent> = {}): ReputationEvent => ({
  id: timestamp,
  type: 'merged_pr',
  xpAwarded: 10,
  timestamp,
  roomId: 'harbour',
  roomName: 'Harbour',
  details: { pullRequest: 4, title: 'Say hello', mergeSha: 'c0ffee12345678', mergedBy: 'jo', agent: 'otter' },
  ...changes,
});

const person = {
  id: 'mara',
  username: 'mara',
  avatarUrl: null,
  bio: 'Builds lights',
  createdAt: '2026-10-01T00:00:00.000Z',
  totalXP: 120,
  level: 2,
};

async function open(reader: string | null, reputation: Partial<UserReputation>) {
  const account = reader === null ? null : { id: reader, bio: '' };
  const accountChanged = (changed: unknown) => heard.push(changed);
  const heard: unknown[] = [];
  TestBed.configureTestingModule({
    providers: [
      provideRouter([]),
      provideHttpClient(withInterceptors([problemInterceptor])),
      provideHttpClientTesting(),
      { provide: MyRooms, useValue: { rooms: signal([]), reload: () => undefined } },
      { provide: Session, useValue: { status: signal('signed-in'), account: signal(account), accountChanged } },
    ],
  });
  const http = TestBed.inject(HttpTestingController);
  const fixture = TestBed.createComponent(Profile);
  fixture.componentRef.setInput('userId', 'mara');
  TestBed.tick();
  http.expectOne('/api/users/mara').flush(person);
  http.expectOne('/api/users/mara/reputation').flush({
    userId: 'mara',
    totalXP: 120,
    level: 2,
    contributions: { mergedPRs: 12, codeReviews: 0, projectsCompleted: 0 },
    recentActivity: [],
    skillAreas: ['typescript'],
    ...reputation,
  });
  await fixture.whenStable();
  return { fixture, http, heard, page: fixture.nativeElement as HTMLElement };
}

describe('a profile', () => {
  it('shows the way to the next level and the evidence for each award', async () => {
    const { page } = await open(null, { recentActivity: [award('2026-11-20T12:00:00.000Z')] });
    expect(page.querySelector('[role=meter]')?.getAttribute('aria-valuetext')).toBe('20 of 100 XP towards level 3');
    const ledger = page.querySelector('ct-ledger') as HTMLElement;
    for (const evidence of ['Say hello', '#4', 'otter', 'merged by jo', 'c0ffee1234', '+10 XP']) {
      expect(ledger.textContent).toContain(evidence);
    }
    expect(ledger.querySelector('a')?.getAttribute('href')).toBe('/spectate/harbour');
    expect(page.querySelector('ct-xp-chart [role=img]')?.getAttribute('aria-label')).toContain('120 XP');
    expect(page.querySelector('ct-xp-chart table tbody tr')?.textContent).toContain('+10');
  });

  it('says of an award from a room that is hidden only that there was one', async () => {
    const { page } = await open(null, {
      recentActivity: [award('2026-11-20T12:00:00.000Z', { roomId: null, roomName: null, details: {} })],
    });
    expect(page.querySelector('ct-ledger')?.textContent).toContain('in a room you cannot see');
    expect(page.querySelector('ct-ledger a')).toBeNull();
  });

  it('tells its owner, and only its owner, how to earn the first XP', async () => {
    const own = await open('mara', {});
    expect(own.page.textContent).toContain('You earn it when somebody else merges');
    TestBed.resetTestingModule();
    const other = await open('jo', {});
    expect(other.page.textContent).toContain('It comes with the first pull request');
    expect(other.page.querySelector('button')).toBeNull();
  });

  it('lets its owner write about themselves', async () => {
    const { fixture, http, heard, page } = await open('mara', {});
    [...page.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === 'Edit')?.click();
    await fixture.whenStable();
    const box = page.querySelector('textarea') as HTMLTextAreaElement;
    expect(box.value).toBe('Builds lights');
    box.value = 'Builds bells';
    box.dispatchEvent(new Event('input'));
    page.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    const request = http.expectOne({ method: 'PUT', url: '/api/users/mara' });
    expect(request.request.body).toEqual({ bio: 'Builds bells' });
    request.flush({ ...person, bio: 'Builds bells' });
    await fixture.whenStable();
    expect(page.querySelector('.bio')?.textContent).toBe('Builds bells');
    expect(heard).toEqual([{ id: 'mara', bio: 'Builds bells' }]);
  });
});

describe('XP over time', () => {
  it('adds up by day and ends at the total, wherever the ledger begins', () => {
    const days = xpByDay(
      [award('2026-11-20T12:00:00'), award('2026-11-20T09:00:00'), award('2026-11-18T12:00:00')],
      120,
    );
    expect(days.map(({ earned, total }) => [earned, total])).toEqual([
      [10, 100],
      [20, 120],
    ]);
  });

  it.each([
    [0, 10, [0, 5, 10]],
    [90, 120, [90, 100, 110, 120]],
    [0, 0, [0, 1]],
    [0, 930, [0, 500, 1000]],
  ])('from %d to %d has the axis %p', (low, high, ticks) => {
    expect(axisTicks(low, high)).toEqual(ticks);
  });
});
