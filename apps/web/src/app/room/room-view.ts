import { BreakpointObserver } from '@angular/cdk/layout';
import {
  Component,
  DOCUMENT,
  ElementRef,
  computed,
  effect,
  inject,
  input,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { Router, RouterLink } from '@angular/router';
import { LucideMaximize2, LucideMinimize2, LucidePanelRight, LucideX } from '@lucide/angular';
import { map } from 'rxjs';
import { PageTitle } from '../core/page-title';
import { Button } from '../shared/button';
import { RoomSocket } from './connection/room-socket';
import { Composer } from './conversation/composer';
import { Conversation } from './conversation/conversation';
import { RoomAbsent } from './room-absent';
import { RoomBar } from './room-bar';
import { RoomHeader } from './room-header';
import { Outbox } from './state/outbox';
import { RoomStore } from './state/room-store';
import { ResizeHandle, keptWidth } from './work/resize-handle';
import { WorkPanel } from './work/work-panel';
import type { WorkPlace } from './work/work-place';

const WIDE = '(min-width: 68.01rem)';
const PHONE = '(max-width: 45rem)';

/** One room: the conversation, and the work beside it, over it, or instead of it, by how wide the screen is. */
@Component({
  selector: 'ct-room-view',
  imports: [
    Button,
    Composer,
    Conversation,
    LucideMaximize2,
    LucideMinimize2,
    LucidePanelRight,
    LucideX,
    ResizeHandle,
    RoomAbsent,
    RoomBar,
    RoomHeader,
    RouterLink,
    WorkPanel,
  ],
  providers: [RoomStore, RoomSocket, Outbox],
  host: { '(keydown.escape)': 'closeWork()' },
  templateUrl: './room-view.html',
  styleUrl: './room-view.css',
})
export class RoomView {
  private readonly router = inject(Router);
  private readonly pageTitle = inject(PageTitle);
  private readonly socket = inject(RoomSocket);
  private readonly breakpoints = inject(BreakpointObserver);
  protected readonly store = inject(RoomStore);
  private readonly panel = viewChild<ElementRef<HTMLElement>>('panel');

  readonly roomId = input.required<string>();
  readonly place = input.required<WorkPlace>();

  protected readonly isWide = this.matches(WIDE);
  protected readonly isPhone = this.matches(PHONE);
  protected readonly workWidth = signal(keptWidth(inject(DOCUMENT)));
  /** The work takes most of the width, for reading a diff. */
  protected readonly isReadingWork = signal(false);
  protected readonly isWorkShown = computed(() => this.isWide() || this.place().tab !== null);
  protected readonly isShown = computed(
    () => this.store.phase().kind === 'open' && this.socket.state().kind !== 'ended' && this.store.state() !== null,
  );

  constructor() {
    effect(() => {
      const roomId = this.roomId();
      untracked(() => this.store.open(roomId));
    });
    effect(() => {
      const name = this.store.state()?.room.name;
      if (name) {
        this.pageTitle.nameThePlace(name);
      }
    });
    effect(() => this.pageTitle.showUnread(this.store.unread()));
    effect(() => {
      // A drawer that opens over the conversation takes the focus along.
      if (this.place().tab !== null && !this.isWide()) {
        this.panel()?.nativeElement.focus({ preventScroll: true });
      }
    });
  }

  /** Back from an opened task or pull request to its list, then from the list to the conversation. */
  protected closeWork(): void {
    const { tab, task, pull } = this.place();
    if (task !== null || pull !== null) {
      void this.goTo({ work: tab, task: null, pull: null });
    } else if (tab !== null && !this.isWide()) {
      void this.goTo({ work: null, task: null, pull: null });
    }
  }

  private goTo(queryParams: Record<string, string | null>): Promise<boolean> {
    return this.router.navigate([], { queryParams, queryParamsHandling: 'merge' });
  }

  private matches(query: string) {
    return toSignal(this.breakpoints.observe(query).pipe(map(({ matches }) => matches)), { initialValue: false });
  }
}
