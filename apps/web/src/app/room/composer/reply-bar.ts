import { Component, computed, effect, inject, input, output } from '@angular/core';
import type { ChatMessage } from '@clawtank/contracts';
import { LucideReply, LucideX } from '../../shared/icon/icons';
import { Button } from '../../shared/button';
import { inOneLine } from '../message/in-one-line';
import { Quotes } from '../state/quotes';

/** What the next message answers. */
@Component({
  selector: 'ct-reply-bar',
  imports: [Button, LucideReply, LucideX],
  template: `
    <svg lucideReply [size]="14" aria-hidden="true"></svg>
    <p>
      Reply to <strong>{{ message().author.name }}</strong>&ngsp;<span>{{ text() }}</span>
    </p>
    <button type="button" ctButton="quiet" size="small" icon aria-label="Do not reply to it" (click)="cancels.emit()">
      <svg lucideX [size]="14"></svg>
    </button>
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr) auto;
      align-items: center;
      gap: var(--space-2);
      padding: 0 0 var(--space-1) var(--space-1);
      color: var(--ink-soft);
      font-size: var(--text-s);
    }

    p {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }

    span {
      color: var(--ink-faint);
    }
  `,
})
export class ReplyBar {
  private readonly quotes = inject(Quotes);

  readonly message = input.required<ChatMessage>();
  readonly cancels = output();

  protected readonly text = computed(() => {
    const now = this.quotes.find(this.message().id);
    const message = typeof now === 'object' ? now : this.message();
    return message.deletedAt === null ? inOneLine(message, 100) : 'The message was deleted';
  });

  constructor() {
    effect(() => void this.quotes.want(this.message().id));
  }
}
