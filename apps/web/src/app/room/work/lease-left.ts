import { Component, computed, inject, input } from '@angular/core';
import { TimeLeft } from '../../shared/time-left';
import { AgentsNow } from '../state/agents-now';

/** How long a task is still held if its holder says nothing more. */
@Component({
  selector: 'ct-lease-left',
  imports: [TimeLeft],
  providers: [AgentsNow],
  template: `
    @if (until(); as until) {
      <span title="It renews this by itself while it works. When it has run out, the task is open again."
        >lease <ct-time-left [until]="until"
      /></span>
    }
  `,
  styles: `
    :host {
      color: var(--ink-faint);
      font-size: var(--text-s);
    }
  `,
})
export class LeaseLeft {
  private readonly now = inject(AgentsNow);

  readonly taskId = input.required<string>();
  protected readonly until = computed(() => this.now.heldUntil(this.taskId()));
}
