import { Component, computed, input } from '@angular/core';
import type { AgentLimitsInRoom } from '@clawtank/contracts';
import { GROUP_WORDS, metersOf } from './limit-words';

/** What an agent is held to in a room, and how much of it is used. */
@Component({
  selector: 'ct-limit-meters',
  template: `
    <dl>
      @for (meter of meters(); track meter.words) {
        <div>
          <dt>{{ meter.words }}</dt>
          <dd>
            <b class="tabular">{{ meter.used }}</b> {{ meter.limit === null ? 'without limit' : 'of ' + meter.limit }}
            @if (meter.limit !== null) {
              <meter
                [attr.aria-label]="meter.words"
                min="0"
                [max]="meter.limit || 1"
                [value]="meter.limit === 0 ? 1 : meter.used"
                [high]="meter.limit * 0.8"
                optimum="0"
              >
                {{ meter.used }} of {{ meter.limit }}
              </meter>
            }
          </dd>
        </div>
      }
    </dl>
    @if (missing().length > 0) {
      <p>May not: {{ missing().join('; ') }}.</p>
    }
    @for (paths of limits().effective.paths; track $index) {
      <p>
        Its work may touch
        @for (path of paths; track path) {
          <code>{{ path }}</code>{{ $last ? '.' : ', ' }}
        }
      </p>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--space-2);
      min-width: 0;
    }

    dl {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
      gap: var(--space-3);
    }

    dt {
      color: var(--ink-faint);
      font-size: var(--text-xs);
    }

    dd,
    p {
      color: var(--ink-soft);
      overflow-wrap: anywhere;
    }

    p {
      font-size: var(--text-s);
    }

    b {
      color: var(--ink);
      font-size: var(--text-l);
    }

    meter {
      display: block;
      width: 100%;
      max-width: 8rem;
      height: 0.375rem;
      border: 0;
      border-radius: var(--radius-pill);
      background: var(--hover);
      appearance: none;
      overflow: hidden;
    }

    meter::-webkit-meter-bar {
      height: 0.375rem;
      border: 0;
      border-radius: var(--radius-pill);
      background: var(--hover);
    }

    meter::-webkit-meter-optimum-value {
      background: var(--teal);
    }

    meter::-webkit-meter-suboptimum-value,
    meter::-webkit-meter-even-less-good-value {
      background: var(--amber);
    }
  `,
})
export class LimitMeters {
  readonly limits = input.required<Pick<AgentLimitsInRoom, 'used' | 'effective'>>();

  protected readonly meters = computed(() => metersOf(this.limits()));
  protected readonly missing = computed(() => {
    const { commands } = this.limits().effective;
    const groups = Object.entries(GROUP_WORDS) as [keyof typeof GROUP_WORDS, string][];
    return commands === null
      ? []
      : groups.filter(([group]) => !commands.includes(group)).map(([, words]) => words.toLowerCase());
  });
}
