import { Component, computed, effect, inject, input } from '@angular/core';
import { LucideReply } from '../../shared/icon/icons';
import { Jump } from '../state/jump';
import { Quotes } from '../state/quotes';
import { inOneLine } from './in-one-line';

/** What a message answers, as it stands now, in one line; leads there. */
@Component({
  selector: 'ct-quote',
  imports: [LucideReply],
  template: `
    <svg lucideReply [size]="14" aria-hidden="true"></svg>
    @if (message(); as message) {
      <button
        type="button"
        [attr.aria-label]="'Answers ' + message.author.name + ': ' + text()"
        (click)="jump.to(message.seq)"
      >
        <strong [class.agent]="message.author.type === 'agent'">{{ message.author.name }}</strong> {{ text() }}
      </button>
    } @else {
      <span>{{ quoted() === 'loading' ? 'An earlier message' : 'The message was deleted' }}</span>
    }
  `,
  styleUrl: './quote.css',
})
export class Quote {
  private readonly quotes = inject(Quotes);
  protected readonly jump = inject(Jump);

  readonly messageId = input.required<string>();

  protected readonly quoted = computed(() => this.quotes.find(this.messageId()));
  protected readonly message = computed(() => {
    const quoted = this.quoted();
    return typeof quoted === 'object' && quoted.deletedAt === null ? quoted : null;
  });
  protected readonly text = computed(() => {
    const message = this.message();
    return message ? inOneLine(message) : '';
  });

  constructor() {
    effect(() => void this.quotes.want(this.messageId()));
  }
}
