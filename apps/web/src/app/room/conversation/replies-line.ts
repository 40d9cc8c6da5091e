import { Component, computed, effect, inject, input } from '@angular/core';
import type { ChatMessage } from '@clawtank/contracts';
import { LucideMessagesSquare } from '../../shared/icon/icons';
import { RelativeTime } from '../../shared/relative-time';
import { inOneLine } from '../message/in-one-line';
import { Quotes } from '../state/quotes';
import { Drawers } from '../talk/drawers';

const NAMES = new Intl.ListFormat('en', { type: 'conjunction' });

/** What was said in a thread meanwhile: one line that leads there, so that the room itself stays readable. */
@Component({
  selector: 'ct-replies-line',
  imports: [LucideMessagesSquare, RelativeTime],
  template: `
    <svg lucideMessagesSquare [size]="16" aria-hidden="true"></svg>
    <p>
      <strong>{{ who() }}</strong>
      {{ replies().length === 1 ? 'replied' : 'replied ' + replies().length + ' times' }} to
      {{ root() }}
    </p>
    <button type="button" (click)="drawers.openThread(threadId())">Open the thread</button>
    <ct-time [at]="last()?.timestamp ?? ''" />
  `,
  styleUrl: './quiet-line.css',
})
export class RepliesLine {
  private readonly quotes = inject(Quotes);
  protected readonly drawers = inject(Drawers);

  readonly threadId = input.required<string>();
  readonly replies = input.required<readonly ChatMessage[]>();

  protected readonly last = computed(() => this.replies().at(-1));
  protected readonly who = computed(() => NAMES.format(new Set(this.replies().map(({ author }) => author.name))));
  protected readonly root = computed(() => {
    const quoted = this.quotes.find(this.threadId());
    const said = typeof quoted === 'object' && quoted.deletedAt === null ? inOneLine(quoted, 60) : '';
    return said ? `“${said}”` : 'an earlier message';
  });

  constructor() {
    effect(() => void this.quotes.want(this.threadId()));
  }
}
