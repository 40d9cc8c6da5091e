import { Component, computed, inject, input, output } from '@angular/core';
import type { ChatMessage } from '@clawtank/contracts';
import { LucideSmilePlus } from '../../shared/icon/icons';
import { MessageActions } from '../state/message-actions';
import { RoomStore } from '../state/room-store';

const NAMES = new Intl.ListFormat('en', { type: 'conjunction' });
const MOST_NAMED = 12;

/** How others have answered a message: each emoji with how many, and who. One press joins them or takes it back. */
@Component({
  selector: 'ct-reactions',
  imports: [LucideSmilePlus],
  template: `
    <ul aria-label="Reactions">
      @for (one of reactions(); track one.emoji) {
        <li>
          <button
            type="button"
            [class.own]="one.isOwn"
            [attr.aria-pressed]="one.isOwn"
            [attr.aria-label]="one.emoji + ' ' + one.count + ', ' + one.who"
            [attr.aria-disabled]="!mayReact() || null"
            (click)="toggle(one.emoji)"
          >
            <span aria-hidden="true">{{ one.emoji }}</span>
            <span class="tabular" aria-hidden="true">{{ one.count }}</span>
            <span class="who" aria-hidden="true">{{ one.who }}</span>
          </button>
        </li>
      }
      @if (mayReact()) {
        <li>
          <button type="button" class="add" aria-label="React with another emoji" title="React" (click)="adds.emit()">
            <svg lucideSmilePlus [size]="14"></svg>
          </button>
        </li>
      }
    </ul>
  `,
  styleUrl: './reactions.css',
})
export class Reactions {
  private readonly store = inject(RoomStore);
  private readonly actions = inject(MessageActions);

  readonly message = input.required<ChatMessage>();
  readonly adds = output();

  protected readonly mayReact = computed(() => this.actions.mayReact(this.message()));
  protected readonly reactions = computed(() =>
    this.message().reactions.map(({ emoji, memberIds }) => ({
      emoji,
      count: memberIds.length,
      isOwn: memberIds.includes(this.store.readerId()),
      who: this.whoOf(memberIds),
    })),
  );

  protected toggle(emoji: string): void {
    if (this.mayReact()) {
      void this.actions.react(this.message(), emoji);
    }
  }

  private whoOf(memberIds: readonly string[]): string {
    const named = memberIds.slice(0, MOST_NAMED).map((id) => this.nameOf(id));
    const others = memberIds.length - named.length;
    return NAMES.format(others > 0 ? [...named, `${others} more`] : named);
  }

  private nameOf(id: string): string {
    return id === this.store.readerId() ? 'you' : (this.store.seatById().get(id)?.name ?? 'somebody who left');
  }
}
