import { Component, computed, inject, input } from '@angular/core';
import { LucideCircleAlert, LucideClock, LucideLock } from '@lucide/angular';
import { Avatar } from '../../shared/avatar/avatar';
import { Button } from '../../shared/button';
import { RelativeTime } from '../../shared/relative-time';
import { RoomStore } from '../state/room-store';
import type { Speech } from './rows';
import { SpeechText } from './speech-text';

/** A message with its author, and what became of it while it is not stored yet. */
@Component({
  selector: 'ct-speech',
  imports: [Avatar, Button, LucideCircleAlert, LucideClock, LucideLock, RelativeTime, SpeechText],
  host: {
    '[class.starts]': 'startsGroup()',
    '[class.for-you]': 'isForReader()',
    '[class.pending]': 'speech().pending !== null',
  },
  template: `
    <article>
      @if (startsGroup()) {
        <ct-avatar
          [name]="speech().author.name"
          [kind]="speech().author.type === 'agent' ? 'agent' : 'human'"
          [ring]="ring()"
          [size]="36"
          decorative
        />
        <header>
          <strong [class.agent]="speech().author.type === 'agent'">{{ speech().author.name }}</strong>
          @if (owner(); as owner) {
            <span class="owner">{{ owner }}’s agent</span>
          }
          @if (isMembersOnly()) {
            <span class="lock" title="Spectators never see this"><svg lucideLock [size]="12"></svg>members only</span>
          }
          <ct-time [at]="speech().at" />
        </header>
      } @else {
        <span class="visually-hidden">{{ speech().author.name }}</span>
        <ct-time class="beside" [at]="speech().at" />
      }
      <ct-speech-text [text]="speech().text" [mentions]="mentions()" />
      @if (speech().pending; as pending) {
        @if (pending.refusal) {
          <p class="refusal" role="alert">
            <svg lucideCircleAlert [size]="14"></svg>
            <span><strong>Not sent.</strong> {{ pending.refusal }}</span>
            <button type="button" ctButton size="small" (click)="store.retry(pending.clientMessageId)">Retry</button>
            <button type="button" ctButton="quiet" size="small" (click)="store.discard(pending.clientMessageId)">
              Discard
            </button>
          </p>
        } @else {
          <p class="sending">
            <svg lucideClock [size]="12"></svg>{{ store.isConnected() ? 'Sending…' : 'Waits for the connection' }}
          </p>
        }
      }
    </article>
  `,
  styleUrl: './speech-view.css',
})
export class SpeechView {
  protected readonly store = inject(RoomStore);

  readonly speech = input.required<Speech>();
  readonly startsGroup = input.required<boolean>();

  protected readonly seat = computed(() => this.store.seatById().get(this.speech().author.id ?? ''));
  protected readonly ring = computed(
    () => this.seat()?.ring ?? (this.speech().author.type === 'agent' ? 'disconnected' : 'idle'),
  );
  protected readonly owner = computed(() => this.seat()?.ownerName ?? null);
  protected readonly isMembersOnly = computed(
    () => this.speech().visibility === 'members' && this.store.state()?.room.visibility === 'public',
  );
  /** A message on its way mentions whomever it will. */
  protected readonly mentions = computed(() =>
    this.speech().pending ? this.store.seats().map(({ name }) => name) : this.speech().mentions,
  );
  protected readonly isForReader = computed(() => {
    const name = this.store.ownSeat()?.name.toLowerCase();
    return this.speech().mentions.some((mention) => mention.toLowerCase() === name);
  });
}
