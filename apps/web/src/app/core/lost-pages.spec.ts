import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router, provideRouter, withNavigationErrorHandler } from '@angular/router';
import { jest } from '@jest/globals';
import { Toasts } from '../shared/toast/toasts';
import { turn } from './connection/testing/fake-socket';
import { FETCH_PAGE, LostPages } from './lost-pages';

@Component({ template: '' })
class Page {}

/** What a browser says of a file that the server no longer has. */
const GONE = new TypeError('Failed to fetch dynamically imported module: http://localhost/chunk-Ab12Cd34.js');

describe('a page whose code does not load', () => {
  let fetched: string[];
  let failure: Error | null;

  const open = () => {
    TestBed.resetTestingModule();
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideHttpClientTesting(),
        provideRouter(
          [
            { path: '', pathMatch: 'full', component: Page },
            { path: '**', loadComponent: () => (failure ? Promise.reject(failure) : Promise.resolve(Page)) },
          ],
          withNavigationErrorHandler((failed) => void TestBed.inject(LostPages).recover(failed)),
        ),
        { provide: FETCH_PAGE, useValue: (address: string) => fetched.push(address) },
      ],
    });
    TestBed.inject(LostPages).watch();
  };
  const go = (address: string) =>
    TestBed.inject(Router)
      .navigateByUrl(address)
      .catch(() => undefined);
  const answer = async (isThere = true) => {
    const request = TestBed.inject(HttpTestingController).expectOne('/');
    if (isThere) {
      request.flush('<!doctype html>');
    } else {
      request.error(new ProgressEvent('error'));
    }
    await turn();
  };
  const toasts = () => TestBed.inject(Toasts).toasts();

  beforeEach(() => {
    sessionStorage.clear();
    fetched = [];
    failure = GONE;
    open();
  });

  it.each([
    ['Chromium', GONE.message],
    ['Firefox', 'error loading dynamically imported module: http://localhost/chunk-Ab12Cd34.js'],
    ['Safari', 'Importing a module script failed.'],
  ])('is fetched anew at the address that was asked for, in %s', async (_, message) => {
    failure = new TypeError(message);
    await go('/agents?sort=name#otter');
    await answer();
    expect(fetched).toEqual(['/agents?sort=name#otter']);
    expect(toasts()).toEqual([]);
  });

  it('is fetched anew once, and then says that it did not help', async () => {
    await go('/agents');
    await answer();
    open();
    await go('/agents');
    await answer();
    expect(fetched).toEqual(['/agents']);
    expect(toasts().map(({ text }) => text)).toEqual([expect.stringContaining('did not help')]);
    toasts()[0]?.action?.run();
    expect(fetched).toEqual(['/agents', '/agents']);
  });

  it('is fetched anew again after the next update', async () => {
    await go('/agents');
    await answer();
    open();
    failure = null;
    await go('/agents');
    open();
    failure = GONE;
    await go('/agents');
    await answer();
    expect(fetched).toEqual(['/agents', '/agents']);
  });

  it('leaves the reader where they are while there is nothing to fetch from, and can be tried again', async () => {
    await go('/agents');
    await answer(false);
    expect(fetched).toEqual([]);
    expect(toasts().map(({ text }) => text)).toEqual([expect.stringContaining('cannot be reached')]);
    failure = null;
    toasts()[0]?.action?.run();
    await TestBed.inject(Router).navigateByUrl('/agents');
    expect(TestBed.inject(Router).url).toBe('/agents');
  });

  it('never loads without end where nothing can be remembered', async () => {
    const blocked = jest.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new Error('blocked');
    });
    await go('/agents');
    await answer();
    blocked.mockRestore();
    expect(fetched).toEqual([]);
    expect(toasts()).toHaveLength(1);
  });

  it('is left alone when it failed for another reason', async () => {
    failure = new TypeError('undefined is not a function');
    await go('/agents');
    TestBed.inject(HttpTestingController).expectNone('/');
    expect(fetched).toEqual([]);
  });
});
