import { Component, computed, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ActivityItem } from '@clawtank/contracts';
import { describeEvent } from './describe-event';

/** An entry of the room's log as a sentence; the task or pull request in it can be opened. */
@Component({
  selector: 'ct-event-sentence',
  imports: [RouterLink],
  template: `
    @if (words().actor; as actor) {
      <strong [class.agent]="actor.type === 'agent'">{{ actor.name }}</strong>
    }
    {{ words().deed }}
    @switch (words().object?.kind) {
      @case ('branch') {
        <code>{{ branch() }}</code>
      }
      @case ('task') {
        <a [routerLink]="[]" [queryParams]="place()" queryParamsHandling="merge">{{ title() }}</a>
      }
      @case ('pull') {
        <a [routerLink]="[]" [queryParams]="place()" queryParamsHandling="merge"
          ><span class="number tabular">#{{ number() }}</span> {{ title() }}</a
        >
      }
    }
    @if (words().note; as note) {
      &ngsp;<span class="note">{{ note }}</span>
    }
  `,
  styles: `
    :host {
      min-width: 0;
      color: var(--ink-soft);
      overflow-wrap: anywhere;
    }

    strong {
      color: var(--ink);
      font-weight: 600;
    }

    .agent {
      color: var(--teal);
    }

    a {
      color: var(--ink);
      font-weight: 500;
      text-decoration-color: var(--control-line);
    }

    .number {
      color: var(--violet);
    }

    .note {
      color: var(--ink-faint);
    }

    .note::before {
      content: '· ';
    }
  `,
})
export class EventSentence {
  readonly event = input.required<ActivityItem>();

  protected readonly words = computed(() => describeEvent(this.event()));
  protected readonly branch = computed(() => {
    const { object } = this.words();
    return object?.kind === 'branch' ? object.name : '';
  });
  protected readonly title = computed(() => {
    const { object } = this.words();
    return object && object.kind !== 'branch' ? object.title : '';
  });
  protected readonly number = computed(() => {
    const { object } = this.words();
    return object && object.kind !== 'branch' ? object.number : 0;
  });
  protected readonly place = computed(() =>
    this.words().object?.kind === 'pull'
      ? { work: 'pulls', task: null, pull: this.number() }
      : { work: 'tasks', task: this.number(), pull: null },
  );
}
