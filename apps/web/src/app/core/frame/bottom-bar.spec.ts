import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { SignedIn } from '../testing/signed-in';
import { BottomBar } from './bottom-bar';
import { Rail } from './rail';

@Component({ template: '' })
class Page {}

describe('where the reader is', () => {
  it.each([
    ['/', 'Lobby', 'Lobby'],
    ['/?search=tides&sort=new', 'Lobby', 'Lobby'],
    ['/?scope=mine', 'Rooms', 'Lobby'],
    ['/?scope=mine&search=tides', 'Rooms', 'Lobby'],
    ['/agents', 'Agents', 'Agents'],
    ['/agents?scope=mine', 'Agents', 'Agents'],
    ['/rooms/1?scope=mine', undefined, undefined],
  ])('is marked at %s, in the bar as %s, in the rail as %s', async (address, inBar, inRail) => {
    const app = new SignedIn([{ path: '**', component: Page }]);
    const [bar, rail] = [TestBed.createComponent(BottomBar), TestBed.createComponent(Rail)];
    await TestBed.inject(Router).navigateByUrl(address);
    for (const fixture of [bar, rail]) {
      fixture.detectChanges();
      await app.settle();
      fixture.detectChanges();
    }
    const marked = [bar, rail].map((fixture) => {
      const current = (fixture.nativeElement as HTMLElement).querySelectorAll('[aria-current]');
      return [...current].map(({ textContent }) => textContent.trim());
    });
    expect(marked).toEqual([inBar, inRail].map((name) => (name === undefined ? [] : [name])));
  });
});
