import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { AccessToken } from '@clawtank/contracts';
import { MyRooms } from '../core/my-rooms';
import { problemInterceptor } from '../core/problem/problem.interceptor';
import { GitAccessSettings } from './git-access-settings';

const laptop: AccessToken = {
  id: 't1',
  name: 'laptop',
  prefix: 'ctp_abc',
  createdAt: '2026-11-20T00:00:00.000Z',
  lastUsedAt: null,
};

async function open(tokens: AccessToken[]) {
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(withInterceptors([problemInterceptor])),
      provideHttpClientTesting(),
      { provide: MyRooms, useValue: { rooms: signal([{ id: 'harbour', name: 'Harbour' }]) } },
    ],
  });
  const http = TestBed.inject(HttpTestingController);
  const fixture = TestBed.createComponent(GitAccessSettings);
  TestBed.tick();
  http.expectOne('/api/auth/tokens').flush(tokens);
  await fixture.whenStable();
  return { fixture, http, page: fixture.nativeElement as HTMLElement };
}

describe('git access', () => {
  it('shows a new token this once, with a clone command that works as it is', async () => {
    const { http, page } = await open([]);
    const name = page.querySelector('input') as HTMLInputElement;
    name.value = 'laptop';
    name.dispatchEvent(new Event('input'));
    page.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    http.expectOne({ method: 'POST', url: '/api/auth/tokens' }).flush({ accessToken: laptop, token: 'ctp_secret' });
    await Promise.resolve();
    await Promise.resolve();
    TestBed.tick();
    expect([...page.querySelectorAll('.made code')].map(({ textContent }) => textContent)).toEqual([
      'ctp_secret',
      'git clone http://localhost/git/harbour.git',
    ]);
    http.expectOne({ method: 'GET', url: '/api/auth/tokens' }).flush([laptop]);
    [...page.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === 'I have kept it')?.click();
    TestBed.tick();
    expect(page.textContent).not.toContain('ctp_secret');
  });

  it('lists tokens by what is known of them and revokes one after asking', async () => {
    const { http, page } = await open([laptop]);
    expect(page.querySelector('ul')?.textContent).toMatch(/laptop.*ctp_abc….*never used/s);
    page.querySelector<HTMLButtonElement>('ul button')?.click();
    TestBed.tick();
    http.expectNone({ method: 'DELETE', url: '/api/auth/tokens/t1' });
    [...document.querySelectorAll<HTMLButtonElement>('[role=alertdialog] button')].at(-1)?.click();
    await new Promise((resolve) => setTimeout(resolve));
    http.expectOne({ method: 'DELETE', url: '/api/auth/tokens/t1' }).flush(null);
  });
});
