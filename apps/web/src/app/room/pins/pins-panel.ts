import { Component, DestroyRef, ElementRef, afterNextRender, inject, signal, viewChild } from '@angular/core';
import type { ChatMessage } from '@clawtank/contracts';
import { withChatEvent } from '@clawtank/room-state';
import { LucidePinOff, LucideX } from '../../shared/icon/icons';
import { toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { RelativeTime } from '../../shared/relative-time';
import { Skeleton } from '../../shared/skeleton';
import { StateMessage } from '../../shared/state/state-message';
import { Attachments } from '../attachments/attachments';
import { SpeechText } from '../markdown/speech-text';
import { History } from '../state/history';
import { Jump } from '../state/jump';
import { MessageActions } from '../state/message-actions';
import { RoomStore } from '../state/room-store';
import { Drawers } from '../talk/drawers';

/** What the room keeps at hand, the message pinned last first; leads to where each was said. */
@Component({
  selector: 'ct-pins-panel',
  imports: [Attachments, Button, LucidePinOff, LucideX, RelativeTime, Skeleton, SpeechText, StateMessage],
  host: { role: 'complementary', 'aria-label': 'Pinned messages', '(keydown.escape)': 'close($event)' },
  templateUrl: './pins-panel.html',
  styleUrls: ['../talk/drawer.css', './pins-panel.css'],
})
export class PinsPanel {
  private readonly drawers = inject(Drawers);
  private readonly history = inject(History);
  private readonly jump = inject(Jump);
  private readonly store = inject(RoomStore);
  protected readonly actions = inject(MessageActions);
  private readonly closer = viewChild.required<ElementRef<HTMLElement>>('closer');

  protected readonly pinned = signal<readonly ChatMessage[] | null>(null);
  protected readonly problem = signal('');

  constructor() {
    void this.load();
    afterNextRender(() => this.closer().nativeElement.focus());
    const stop = this.store.follow((event) => {
      if (event.type === 'chat.pinned') {
        void this.load();
      } else if (event.type.startsWith('chat.') && event.type !== 'chat.message') {
        const change = event as Parameters<typeof withChatEvent>[1];
        this.pinned.update((pinned) => pinned && lastPinnedFirst(withChatEvent(pinned, change)));
      }
    });
    inject(DestroyRef).onDestroy(stop);
  }

  protected async load(): Promise<void> {
    this.problem.set('');
    try {
      const { messages } = await this.history.messages({ pinned: 'true', limit: 200 });
      this.pinned.set(lastPinnedFirst(messages));
    } catch (thrown) {
      this.problem.set(toApiProblem(thrown).detail);
    }
  }

  protected async show({ seq }: ChatMessage): Promise<void> {
    await this.drawers.close();
    this.jump.to(seq);
  }

  protected close(event: Event): void {
    event.stopPropagation();
    void this.drawers.close();
  }
}

const lastPinnedFirst = (messages: readonly ChatMessage[]): ChatMessage[] =>
  messages
    .filter(({ pinnedAt }) => pinnedAt !== null)
    .sort((one, other) => (other.pinnedAt ?? '').localeCompare(one.pinnedAt ?? ''));
