import {
  Component,
  DestroyRef,
  ElementRef,
  afterRenderEffect,
  computed,
  effect,
  inject,
  input,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import type { ChatMessage } from '@clawtank/contracts';
import { withChatEvent } from '@clawtank/room-state';
import { LucideX } from '../../shared/icon/icons';
import { toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { Skeleton } from '../../shared/skeleton';
import { StateMessage } from '../../shared/state/state-message';
import { Composer } from '../composer/composer';
import { DayLabel } from '../conversation/day-label';
import { GoneLine } from '../conversation/gone-line';
import { lastOwn, threadRows } from '../conversation/rows';
import { MessageKeys } from '../message/message-keys';
import { MessageView } from '../message/message-view';
import { History } from '../state/history';
import { RoomStore } from '../state/room-store';
import { Drawers } from '../talk/drawers';
import { Talk } from '../talk/talk';

/** This near the end, the reader follows what comes. */
const NEAR_END = 48;

/** A thread beside the room: the message that it hangs on, what was said to it, and a composer of its own. */
@Component({
  selector: 'ct-thread-panel',
  imports: [Button, Composer, DayLabel, GoneLine, LucideX, MessageKeys, MessageView, Skeleton, StateMessage],
  providers: [Talk],
  host: { role: 'complementary', 'aria-label': 'Thread', '(keydown.escape)': 'close($event)' },
  templateUrl: './thread-panel.html',
  styleUrl: '../talk/drawer.css',
})
export class ThreadPanel {
  private readonly drawers = inject(Drawers);
  private readonly history = inject(History);
  private readonly store = inject(RoomStore);
  protected readonly talk = inject(Talk);
  private readonly scroller = viewChild<ElementRef<HTMLElement>>('scroller');
  private readonly keys = viewChild(MessageKeys);

  private isAtEnd = true;

  readonly threadId = input.required<string>();

  private readonly messages = signal<readonly ChatMessage[]>([]);
  protected readonly isLoading = signal(true);
  protected readonly hasMore = signal(false);
  protected readonly problem = signal('');
  protected readonly rows = computed(() => {
    const pending = this.store.pending().filter(({ threadId }) => threadId === this.threadId());
    return threadRows(this.messages(), pending, {
      actor: { type: 'human', id: this.store.readerId(), name: this.store.ownSeat()?.name ?? 'You' },
      newFrom: null,
      names: this.store.seats().map(({ name }) => name),
    });
  });
  protected readonly isMissing = computed(
    () => !this.isLoading() && this.problem() === '' && this.messages().length === 0,
  );
  /** How many answers there are, all of them if they were all read. */
  protected readonly count = computed(() => {
    const replies = this.messages().filter(({ threadId, deletedAt }) => threadId !== null && deletedAt === null).length;
    return replies === 0
      ? 'No replies yet'
      : `${this.hasMore() ? 'The newest ' : ''}${replies === 1 ? '1 reply' : `${replies} replies`}`;
  });
  protected readonly currentKey = computed(() => {
    const speech = this.rows().filter(({ kind }) => kind === 'speech');
    const chosen = this.keys()?.current();
    return (speech.find(({ key }) => key === chosen) ?? speech.at(-1))?.key ?? null;
  });

  constructor() {
    effect(() => {
      const threadId = this.threadId();
      untracked(() => {
        this.talk.threadId.set(threadId);
        void this.load();
      });
    });
    this.talk.lastOwnIs(() => lastOwn(this.rows(), this.store.readerId()));
    // A reader who is at the end stays there.
    afterRenderEffect(() => {
      this.rows();
      const scroller = this.scroller()?.nativeElement;
      if (scroller && this.isAtEnd) {
        scroller.scrollTop = scroller.scrollHeight;
      }
    });
    const stop = this.store.follow((event) => {
      if (event.type.startsWith('chat.')) {
        const change = event as Parameters<typeof withChatEvent>[1];
        const isOther = change.type === 'chat.message' && change.data.message.threadId !== this.threadId();
        this.messages.update((messages) => (isOther ? messages : withChatEvent(messages, change)));
      }
    });
    inject(DestroyRef).onDestroy(stop);
  }

  protected scrolled(): void {
    const scroller = this.scroller()?.nativeElement;
    this.isAtEnd = !scroller || scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
  }

  protected async load(): Promise<void> {
    const threadId = this.threadId();
    this.messages.set([]);
    this.isLoading.set(true);
    this.problem.set('');
    await this.read(async () => {
      const [root, newest] = await Promise.all([
        this.history.messages({ threadId, after: 0, limit: 1 }),
        this.history.messages({ threadId }),
      ]);
      this.hasMore.set(newest.hasMore);
      return merged(root.messages, newest.messages);
    });
  }

  /** Reads the page before the oldest reply that is shown. */
  protected async readOlder(): Promise<void> {
    const [root, ...replies] = this.messages();
    const before = replies[0]?.seq;
    if (root && before !== undefined) {
      await this.read(async () => {
        const page = await this.history.messages({ threadId: this.threadId(), before });
        this.hasMore.set(page.hasMore && page.messages[0]?.id !== root.id);
        return merged([root], page.messages);
      });
    }
  }

  protected close(event: Event): void {
    event.stopPropagation();
    void this.drawers.close();
  }

  private async read(ask: () => Promise<readonly ChatMessage[]>): Promise<void> {
    const threadId = this.threadId();
    try {
      const messages = await ask();
      if (threadId === this.threadId()) {
        this.messages.update((known) => merged(messages, known));
      }
    } catch (thrown) {
      this.problem.set(toApiProblem(thrown).detail);
    } finally {
      this.isLoading.set(false);
    }
  }
}

/** Each message once, in order; of two readings the later one. */
function merged(...lists: readonly (readonly ChatMessage[])[]): ChatMessage[] {
  const byId = new Map(lists.flat().map((message) => [message.id, message]));
  return [...byId.values()].sort((one, other) => one.seq - other.seq);
}
