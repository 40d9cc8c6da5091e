import { Component, computed, inject, input } from '@angular/core';
import type { ChatMessage } from '@clawtank/contracts';
import { LucideTrash2 } from '../../shared/icon/icons';
import { Drawers } from '../talk/drawers';

/** Where messages were that have been deleted: one quiet line, however many. */
@Component({
  selector: 'ct-gone-line',
  imports: [LucideTrash2],
  template: `
    <svg lucideTrash2 [size]="14" aria-hidden="true"></svg>
    <p>{{ text() }}</p>
    @if (thread(); as thread) {
      <button type="button" (click)="drawers.openThread(thread.id)">
        {{ thread.replies === 1 ? '1 reply' : thread.replies + ' replies' }}
      </button>
    }
  `,
  styleUrl: './quiet-line.css',
})
export class GoneLine {
  protected readonly drawers = inject(Drawers);

  readonly messages = input.required<readonly ChatMessage[]>();

  protected readonly text = computed(() => {
    const [first, ...others] = this.messages();
    return others.length === 0
      ? `A message of ${first?.author.name} was deleted`
      : `${others.length + 1} messages were deleted`;
  });
  protected readonly thread = computed(() => {
    const root = this.messages().find(({ thread }) => thread !== null);
    return root?.thread ? { id: root.id, replies: root.thread.replies } : null;
  });
}
