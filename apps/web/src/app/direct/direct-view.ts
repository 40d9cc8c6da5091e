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
  viewChildren,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideArrowLeft, LucideLock } from '../shared/icon/icons';
import { PageTitle } from '../core/page-title';
import { toApiProblem } from '../core/problem/api-problem';
import { DayLabel } from '../room/conversation/day-label';
import { NewLabel } from '../room/conversation/new-label';
import { Avatar } from '../shared/avatar/avatar';
import { Button } from '../shared/button';
import { Skeleton } from '../shared/skeleton';
import { StateMessage } from '../shared/state/state-message';
import { Toasts } from '../shared/toast/toasts';
import { DirectComposer } from './direct-composer';
import { DirectLine } from './direct-line';
import { directRows } from './direct-rows';
import { DirectStore } from './direct-store';
import { PendingLine } from './pending-line';

/** Closer to the end than this, the reader follows it. */
const NEAR_THE_END = 80;
const PRESENCE = { active: 'here now', idle: 'away', offline: 'not here' } as const;

/** A conversation that only the two who have it can read. */
@Component({
  selector: 'ct-direct-view',
  imports: [
    Avatar,
    Button,
    DayLabel,
    DirectComposer,
    DirectLine,
    LucideArrowLeft,
    LucideLock,
    NewLabel,
    PendingLine,
    RouterLink,
    Skeleton,
    StateMessage,
  ],
  providers: [DirectStore],
  host: { '(document:visibilitychange)': 'look()', '(window:focus)': 'look()' },
  templateUrl: './direct-view.html',
  styleUrl: './direct-view.css',
})
export class DirectView {
  private readonly document = inject(DOCUMENT);
  private readonly pageTitle = inject(PageTitle);
  private readonly toasts = inject(Toasts);
  protected readonly store = inject(DirectStore);
  private readonly scroller = viewChild<ElementRef<HTMLElement>>('scroller');
  private readonly lines = viewChildren(DirectLine);

  readonly roomId = input.required<string>();
  readonly memberId = input.required<string>();

  protected readonly rows = computed(() =>
    directRows(this.store.messages(), this.store.readUpTo(), this.store.readerId()),
  );
  protected readonly problem = computed(() => {
    const phase = this.store.phase();
    return typeof phase === 'object' ? phase : null;
  });
  protected readonly presence = computed(() => {
    const member = this.store.member();
    return member ? PRESENCE[member.status] : '';
  });
  protected readonly isReadingOlder = signal(false);
  private isAtEnd = true;

  constructor() {
    effect(() => {
      const [roomId, memberId] = [this.roomId(), this.memberId()];
      untracked(() => this.store.open(roomId, memberId));
    });
    effect(() => {
      if (this.store.name()) {
        this.pageTitle.nameThePlace(this.store.name());
      }
    });
    effect(() => {
      this.rows();
      this.store.pending();
      if (this.isAtEnd) {
        queueMicrotask(() => this.toEnd());
      }
      untracked(() => this.look());
    });
  }

  /** What is on screen while the reader looks at the page is read. */
  protected look(): void {
    if (this.store.phase() === 'open' && this.isAtEnd && !this.document.hidden && this.document.hasFocus()) {
      this.store.markRead();
    }
  }

  protected scrolled(): void {
    const box = this.scroller()?.nativeElement;
    if (box) {
      this.isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_THE_END;
      this.look();
    }
  }

  protected toEnd(): void {
    const box = this.scroller()?.nativeElement;
    if (box) {
      this.isAtEnd = true;
      box.scrollTop = box.scrollHeight;
    }
  }

  protected async readOlder(): Promise<void> {
    const box = this.scroller()?.nativeElement;
    const below = box ? box.scrollHeight - box.scrollTop : 0;
    this.isReadingOlder.set(true);
    try {
      await this.store.readOlder();
      // What the reader looked at stays where it was.
      setTimeout(() => box && (box.scrollTop = box.scrollHeight - below));
    } catch (thrown) {
      this.toasts.failed(`Earlier messages did not load. ${toApiProblem(thrown).detail}`);
    } finally {
      this.isReadingOlder.set(false);
    }
  }

  protected editLast(): void {
    const last = this.lines().findLast((line) => {
      const { userId, deletedAt } = line.message();
      return userId === this.store.readerId() && deletedAt === null;
    });
    last?.edit();
  }
}
