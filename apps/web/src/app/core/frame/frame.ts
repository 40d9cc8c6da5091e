import { Component, ElementRef, computed, inject, viewChild } from '@angular/core';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router, RouterOutlet } from '@angular/router';
import { filter, map, pairwise, startWith } from 'rxjs';
import { Arrivals } from '../../notifications/arrivals';
import { SearchDoor } from '../../search/search-door';
import { ToastRegion } from '../../shared/toast/toast-region';
import { Help } from '../../shortcuts/help';
import { RoomHops } from '../../shortcuts/room-hops';
import { Shortcuts } from '../../shortcuts/shortcuts';
import { UnreadMark } from '../attention/unread-mark';
import { ConnectionBanner } from '../connection/connection-banner';
import { OwnPresence } from '../connection/own-presence';
import { RecentPlaces } from '../switcher/recent-places';
import { Session } from '../session/session';
import { Switcher } from '../switcher/switcher';
import { BottomBar } from './bottom-bar';
import { Rail } from './rail';

/** What a page leaves to the frame: everything, everything but the bar on phones (it brings its own), or nothing. */
export type FrameKind = 'full' | 'own-bar' | 'bare';

/** What surrounds every page: the rail, or the bar at the bottom of a phone; the banner; toasts. */
@Component({
  selector: 'ct-root',
  host: { '[class]': 'kind()' },
  imports: [BottomBar, ConnectionBanner, Rail, RouterOutlet, ToastRegion],
  template: `
    <a class="skip" href="#content" (click)="skipToContent($event)">Skip to the content</a>
    @if (kind() !== 'bare') {
      <ct-rail />
    }
    <div class="page">
      <ct-connection-banner />
      <main id="content" tabindex="-1" #content><router-outlet /></main>
    </div>
    @if (kind() === 'full') {
      <ct-bottom-bar />
    }
    <ct-toast-region />
  `,
  styleUrl: './frame.css',
})
export class Frame {
  private readonly router = inject(Router);
  private readonly content = viewChild.required<ElementRef<HTMLElement>>('content');

  private readonly address = toSignal(
    this.router.events.pipe(
      filter((event) => event instanceof NavigationEnd),
      map(({ urlAfterRedirects }) => urlAfterRedirects),
    ),
    { initialValue: '' },
  );

  protected readonly kind = computed<FrameKind>(() => {
    this.address();
    let route = this.router.routerState.snapshot.root;
    while (route.firstChild) {
      route = route.firstChild;
    }
    const kind = route.data['frame'] as FrameKind | undefined;
    return kind === 'own-bar' && route.queryParamMap.has('embed') ? 'bare' : (kind ?? 'full');
  });

  constructor() {
    inject(OwnPresence).start();
    inject(UnreadMark);
    inject(Arrivals);
    inject(RecentPlaces);
    this.bindShortcuts();
    this.router.events
      .pipe(
        filter((event) => event instanceof NavigationEnd),
        map(({ urlAfterRedirects }) => urlAfterRedirects.split(/[?#]/, 1)[0]),
        startWith(null),
        pairwise(),
        filter(([from, to]) => from !== null && from !== to),
        takeUntilDestroyed(),
      )
      .subscribe(() => this.focusContent());
  }

  /** What works everywhere, for whoever is signed in. */
  private bindShortcuts(): void {
    const help = inject(Help);
    const door = inject(SearchDoor);
    const hops = inject(RoomHops);
    const session = inject(Session);
    const switcher = inject(Switcher);
    const forMembers = (deed: () => void) => () => session.account() && deed();
    inject(Shortcuts).bind({
      help: () => void help.open(),
      jump: forMembers(() => void switcher.open()),
      search: forMembers(() => door.open()),
      'previous-room': forMembers(() => hops.go(-1)),
      'next-room': forMembers(() => hops.go(1)),
      'previous-unread': forMembers(() => hops.go(-1, 'unread')),
      'next-unread': forMembers(() => hops.go(1, 'unread')),
    });
  }

  protected skipToContent(event: Event): void {
    event.preventDefault();
    this.focusContent();
  }

  /** After a navigation the reader is in the new page, not on the link that led there. */
  private focusContent(): void {
    this.content().nativeElement.focus({ preventScroll: true });
  }
}
