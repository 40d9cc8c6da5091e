import { Component, computed, inject, input } from '@angular/core';
import type { Approval } from '@clawtank/contracts';
import { Badge, type Tone } from '../../shared/badge';
import { RelativeTime } from '../../shared/relative-time';
import { RoomStore } from '../state/room-store';
import { ExactText } from './exact-text';

const STATES: Record<Approval['state'], { readonly words: string; readonly tone: Tone }> = {
  pending: { words: 'Waits', tone: 'coral' },
  approved: { words: 'Allowed', tone: 'good' },
  rejected: { words: 'Refused', tone: 'danger' },
  withdrawn: { words: 'Not needed any more', tone: 'neutral' },
};

/** The steps of a task that leave was asked for, and what became of each: as the server told it, and what has happened since. */
@Component({
  selector: 'ct-decided-approvals',
  imports: [Badge, ExactText, RelativeTime],
  template: `
    @if (asked().length > 0) {
      <h3>Leave that was asked for</h3>
      <ul>
        @for (approval of asked(); track approval.id) {
          <li>
            <p>
              <ct-badge [tone]="stateOf(approval).tone">{{ stateOf(approval).words }}</ct-badge>
              <ct-exact-text [text]="approval.title" />
            </p>
            @if (approval.detail) {
              <code><ct-exact-text [text]="approval.detail" /></code>
            }
            @if (approval.decidedBy && approval.decidedAt) {
              <p class="faint">
                by {{ approval.decidedBy.name }}, <ct-time [at]="approval.decidedAt" ago />{{
                  approval.note ? ': ' + approval.note : ''
                }}
              </p>
            }
          </li>
        }
      </ul>
    }
  `,
  styles: `
    :host(:has(ul)) {
      display: grid;
      gap: var(--space-2);
    }

    h3 {
      color: var(--ink-faint);
      font-size: var(--text-xs);
      font-weight: 600;
    }

    ul {
      display: grid;
      gap: var(--space-3);
    }

    li {
      display: grid;
      gap: 0.25rem;
      min-width: 0;
    }

    p {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0.25rem var(--space-2);
    }

    p.faint {
      display: block;
      font-size: var(--text-s);
      overflow-wrap: anywhere;
    }

    code {
      max-height: 8rem;
      padding: 0.25rem var(--space-2);
      border-radius: var(--radius-s);
      background: var(--sunken);
      font-size: var(--text-xs);
      overflow-y: auto;
    }
  `,
})
export class DecidedApprovals {
  private readonly store = inject(RoomStore);

  readonly taskId = input.required<string>();
  /** As far as the server has told; oldest first. */
  readonly known = input<readonly Approval[]>([]);

  /** What still waits stands elsewhere, with the buttons. */
  protected readonly asked = computed(() => {
    const state = this.store.state();
    const waiting = new Set(state?.approvals.map(({ id }) => id));
    const found = new Map(this.known().flatMap((one) => (waiting.has(one.id) ? [] : [[one.id, one] as const])));
    for (const { data } of state?.activity ?? []) {
      if ('approval' in data && data.approval.taskId === this.taskId() && !waiting.has(data.approval.id)) {
        found.set(data.approval.id, data.approval);
      }
    }
    return [...found.values()];
  });

  protected stateOf({ state }: Approval): { readonly words: string; readonly tone: Tone } {
    // A question that no longer waits and was not decided went with the lease.
    return STATES[state === 'pending' ? 'withdrawn' : state];
  }
}
