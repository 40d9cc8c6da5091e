import { BreakpointObserver } from '@angular/cdk/layout';
import {
  Component,
  DOCUMENT,
  DestroyRef,
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
import { LucideMaximize2, LucideMinimize2, LucidePanelRight, LucideX } from '../shared/icon/icons';
import { map } from 'rxjs';
import { LiveSocket } from '../core/connection/live-socket';
import { PageTitle } from '../core/page-title';
import { Button } from '../shared/button';
import { Shortcuts } from '../shortcuts/shortcuts';
import { TaskBoard } from './board/task-board';
import { Skeleton } from '../shared/skeleton';
import { RoomAbsent } from './room-absent';
import { RoomBar } from './room-bar';
import { RoomHeader } from './room-header';
import { RoomNotices } from './room-notices';
import { Archiving } from './settings/archiving';
import { RoomSettings } from './settings/room-settings';
import type { SettingsSection } from './settings/settings-place';
import { ROOM_STATE } from './state/room-state';
import { RoomStore } from './state/room-store';
import { TalkView } from './talk/talk-view';
import { ResizeHandle, keptWidth } from './work/resize-handle';
import { WorkPanel } from './work/work-panel';
import { type WorkPlace, queryOf } from './work/work-place';

const WIDE = '(min-width: 68.01rem)';
const PHONE = '(max-width: 45rem)';

/** One room: the conversation, and the work beside it, over it, or instead of it, by how wide the screen is. */
@Component({
  selector: 'ct-room-view',
  imports: [
    Button,
    LucideMaximize2,
    LucideMinimize2,
    LucidePanelRight,
    LucideX,
    ResizeHandle,
    RoomAbsent,
    RoomBar,
    RoomHeader,
    RoomNotices,
    RoomSettings,
    RouterLink,
    Skeleton,
    TalkView,
    TaskBoard,
    WorkPanel,
  ],
  providers: [ROOM_STATE, Archiving],
  host: { '(keydown.escape)': 'closeWork($event)' },
  templateUrl: './room-view.html',
  styleUrl: './room-view.css',
})
export class RoomView {
  private readonly router = inject(Router);
  private readonly pageTitle = inject(PageTitle);
  private readonly socket = inject(LiveSocket);
  private readonly breakpoints = inject(BreakpointObserver);
  protected readonly store = inject(RoomStore);
  private readonly panel = viewChild<ElementRef<HTMLElement>>('panel');

  readonly roomId = input.required<string>();
  readonly place = input.required<WorkPlace>();
  /** The task board takes the place of the conversation. */
  readonly isBoard = input(false);
  /** The part of the settings to show in place of the room; null for the room itself. */
  readonly settingsSection = input<SettingsSection | null>(null);

  protected readonly isWide = this.matches(WIDE);
  protected readonly isPhone = this.matches(PHONE);
  protected readonly workWidth = signal(keptWidth(inject(DOCUMENT)));
  /** The work takes most of the width, for reading a diff. */
  protected readonly isReadingWork = signal(false);
  protected readonly isWorkShown = computed(() => (this.isWide() && !this.isBoard()) || this.place().tab !== null);
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
    const stop = inject(Shortcuts).bind({ 'mark-read': () => this.store.markRead() });
    inject(DestroyRef).onDestroy(stop);
    effect(() => {
      // A drawer that opens over the conversation takes the focus along.
      if (this.place().tab !== null && !this.isWide()) {
        this.panel()?.nativeElement.focus({ preventScroll: true });
      }
    });
  }

  /** Back from the settings, from an opened task or pull request to its list, then from the list to the conversation. */
  protected closeWork(event: Event): void {
    const { tab, task, pull } = this.place();
    const isOpened = task !== null || pull !== null;
    const isDrawer = tab !== null && (!this.isWide() || this.isBoard());
    if (this.settingsSection() !== null || isOpened || isDrawer) {
      event.preventDefault();
      void this.goTo(isOpened && this.settingsSection() === null ? { work: tab } : {});
    }
  }

  private goTo(place: { work?: string | null }): Promise<boolean> {
    return this.router.navigate([], { queryParams: queryOf(place), queryParamsHandling: 'merge' });
  }

  private matches(query: string) {
    return toSignal(this.breakpoints.observe(query).pipe(map(({ matches }) => matches)), { initialValue: false });
  }
}
