import { Component, ElementRef, computed, effect, inject, signal, untracked, viewChild } from '@angular/core';
import { Button } from '../../shared/button';
import { Now } from '../../shared/now';
import { RelativeTime } from '../../shared/relative-time';
import { SpectatorStore } from '../stream/spectator-store';
import { SpectatorChatStore } from './spectator-chat-store';

const today = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const otherDay = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const NEAR_THE_END = 48;
/** From here on the reader is told how much is left. */
const SCARCE = 100;

/** What those who watch say to each other, and where one says something oneself. */
@Component({
  selector: 'ct-spectator-chat',
  imports: [Button, RelativeTime],
  host: { role: 'complementary', 'aria-labelledby': 'spectators-chat' },
  templateUrl: './spectator-chat.html',
  styleUrl: './spectator-chat.css',
})
export class SpectatorChatView {
  private readonly now = inject(Now).value;
  private readonly stream = inject(SpectatorStore);
  private readonly scroller = viewChild<ElementRef<HTMLElement>>('scroller');
  protected readonly store = inject(SpectatorChatStore);

  protected readonly text = signal('');
  protected readonly isLive = this.stream.isLive;
  protected readonly left = computed(() => (this.store.chat()?.max_message_length ?? 0) - [...this.text()].length);
  protected readonly isScarce = computed(() => this.left() <= SCARCE);
  protected readonly mutedUntil = computed(() => {
    const until = this.store.chat()?.muted_until;
    if (!until || Date.parse(until) <= this.now()) {
      return null;
    }
    const isToday = new Date(until).toDateString() === new Date(this.now()).toDateString();
    return (isToday ? today : otherDay).format(Date.parse(until));
  });
  /** Seconds until the server takes another message. */
  protected readonly wait = computed(() => {
    const until = this.store.refusal()?.until;
    return until ? Math.max(0, Math.ceil((until - this.now()) / 1000)) : 0;
  });
  protected readonly notice = computed(() => {
    const refusal = this.store.refusal();
    if (refusal && this.wait() > 0) {
      return `${sentence(refusal.why.message)} You can send it in ${this.wait()} s.`;
    }
    return refusal && refusal.until === null ? sentence(refusal.why.message.replace(/^data\.\w+: /, '')) : '';
  });
  protected readonly maySend = computed(
    () =>
      this.isLive() &&
      this.text().trim() !== '' &&
      this.left() >= 0 &&
      this.wait() === 0 &&
      this.mutedUntil() === null &&
      this.store.sending() === null,
  );

  constructor() {
    effect(() => {
      if (this.store.taken() > 0) {
        untracked(() => this.text.set(''));
      }
    });
    effect(() => {
      this.store.messages();
      const scroller = this.scroller()?.nativeElement;
      if (scroller) {
        const isAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_THE_END;
        if (isAtEnd) {
          setTimeout(() => (scroller.scrollTop = scroller.scrollHeight));
        }
      }
    });
  }

  protected send(event: Event): void {
    event.preventDefault();
    if (this.maySend()) {
      this.store.say(this.text());
    }
  }

  protected typed(event: KeyboardEvent): void {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      this.send(event);
    }
  }
}

function sentence(words: string): string {
  const text = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
