import { Component, computed, inject, input } from '@angular/core';
import { Badge } from '../../shared/badge';
import { LucideCircleAlert } from '../../shared/icon/icons';
import { RoomStore } from '../state/room-store';
import { CONFLICT_WORDS, conflictsOf } from './task-conflicts';

/** Says on a task's card whose work it meets. */
@Component({
  selector: 'ct-conflict-flag',
  imports: [Badge, LucideCircleAlert],
  template: `
    @if (flag(); as flag) {
      <ct-badge [tone]="flag.tone" [title]="flag.paths">
        <svg lucideCircleAlert [size]="12"></svg><span>{{ flag.words }}</span>
      </ct-badge>
    }
  `,
  styles: `
    :host {
      display: contents;
    }

    ct-badge {
      min-height: 1.375rem;
      padding-block: 0.125rem;
      line-height: 1.2;
      white-space: normal;
    }

    svg {
      flex: none;
    }
  `,
})
export class ConflictFlag {
  private readonly store = inject(RoomStore);

  readonly taskId = input.required<string>();

  protected readonly flag = computed(() => {
    const [worst, ...rest] = conflictsOf(this.taskId(), this.store.state());
    if (!worst) {
      return null;
    }
    const numbers = [worst, ...rest.filter(({ kind }) => kind === worst.kind)].map(({ other }) => `#${other.number}`);
    return {
      tone: worst.kind === 'unmergeable' ? ('danger' as const) : ('amber' as const),
      words: `${CONFLICT_WORDS[worst.kind]} ${numbers.join(', ')}`,
      paths: worst.paths.join('\n'),
    };
  });
}
