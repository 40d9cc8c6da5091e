import { httpResource } from '@angular/common/http';
import {
  Component,
  ElementRef,
  Injector,
  afterNextRender,
  computed,
  inject,
  linkedSignal,
  signal,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import { FINISHED_TASK_STATES, type Issue } from '@clawtank/contracts';
import { newCommandId } from '../../core/connection/new-command-id';
import { toApiProblem } from '../../core/problem/api-problem';
import { Badge } from '../../shared/badge';
import { Button } from '../../shared/button';
import { LucideCircleDot, LucideExternalLink } from '../../shared/icon/icons';
import { PROVIDER_NAMES } from '../../shared/provider-names';
import { RoomStore } from '../state/room-store';
import { queryOf } from '../work/work-place';

/** The open issues at the repository's provider. Each becomes a task with one click, for an agent or for whoever claims it. */
@Component({
  selector: 'ct-board-issues',
  imports: [Badge, Button, LucideCircleDot, LucideExternalLink, RouterLink],
  template: `
    @if (issues().length > 0) {
      <details>
        <summary>
          <svg lucideCircleDot [size]="16"></svg>From {{ provider() }}: {{ issues().length }} open
          {{ issues().length === 1 ? 'issue' : 'issues' }}
        </summary>
        <ul>
          @for (issue of issues(); track issue.id) {
            <li [attr.data-issue]="issue.id">
              <p class="what">
                @if (issue.url; as url) {
                  <a [href]="url" target="_blank" rel="noopener noreferrer nofollow"
                    ><span class="tabular">#{{ issue.number }}</span> {{ issue.title
                    }}<svg lucideExternalLink [size]="12"></svg
                  ></a>
                } @else {
                  <span
                    ><span class="tabular">#{{ issue.number }}</span> {{ issue.title }}</span
                  >
                }
                <span class="by">by {{ issue.author.name }}</span>
                @for (label of issue.labels; track label) {
                  <ct-badge>{{ label }}</ct-badge>
                }
              </p>
              @if (taskOf(issue); as task) {
                <a class="task" [routerLink]="[]" [queryParams]="placeOf(task.number)" queryParamsHandling="merge"
                  >Task {{ task.number }}</a
                >
              } @else if (store.can('create_task')) {
                <p class="take">
                  <select #who [attr.aria-label]="'Who does issue ' + issue.number">
                    <option value="">Whoever claims it</option>
                    @for (agent of agents(); track agent.id) {
                      <option [value]="agent.id">{{ agent.name }}</option>
                    }
                  </select>
                  <button
                    type="button"
                    ctButton
                    size="small"
                    [pending]="taking() === issue.id"
                    (click)="take(issue, who.value)"
                  >
                    Make it a task<span class="visually-hidden">: issue {{ issue.number }}</span>
                  </button>
                </p>
              }
            </li>
          }
        </ul>
      </details>
    }
    <p class="refusal" role="alert">{{ refusal() }}</p>
  `,
  styles: `
    :host {
      display: block;
      padding: 0 var(--space-4);
    }

    details {
      margin-bottom: var(--space-3);
      border: 1px solid var(--line);
      border-radius: var(--radius-m);
      background: var(--surface);
    }

    summary {
      display: flex;
      align-items: center;
      gap: var(--space-2);
      min-height: var(--row);
      padding: 0 var(--space-3);
      color: var(--ink-soft);
      cursor: pointer;
    }

    ul {
      max-height: 16rem;
      border-top: 1px solid var(--line);
      overflow-y: auto;
    }

    li {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: var(--space-2) var(--space-3);
      padding: var(--space-2) var(--space-3);
    }

    li + li {
      border-top: 1px solid var(--line);
    }

    .what,
    .take {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--space-1) var(--space-2);
      min-width: 0;
    }

    .what > a,
    .what > span:first-child {
      overflow-wrap: anywhere;
    }

    .what svg {
      margin-inline-start: 0.25rem;
    }

    .by {
      color: var(--ink-faint);
      font-size: var(--text-s);
    }

    select {
      max-width: 12rem;
      min-height: var(--control-small);
      padding: 0 var(--space-2);
      border: 1px solid var(--control-line);
      border-radius: var(--radius-m);
      background: var(--surface);
    }

    .refusal:not(:empty) {
      padding-bottom: var(--space-3);
      color: var(--danger);
    }
  `,
})
export class BoardIssues {
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly injector = inject(Injector);
  protected readonly store = inject(RoomStore);

  private readonly hostedAt = computed(() => this.store.state()?.room.repository?.provider);
  protected readonly provider = computed(() => {
    const at = this.hostedAt();
    return at === 'github' || at === 'gitlab' ? PROVIDER_NAMES[at] : null;
  });
  /** Grows with every entry about an issue, and the list is asked for again. */
  private readonly newest = computed(
    () => this.store.state()?.activity.findLast(({ type }) => type.startsWith('git.issue_'))?.seq ?? 0,
  );
  private readonly list = httpResource<Issue[]>(() => {
    this.newest();
    return this.provider() ? { url: `/api/rooms/${this.store.roomId()}/issues` } : undefined;
  });
  /** The last answer stays on screen while a newer one is on its way. */
  protected readonly issues = linkedSignal<readonly Issue[] | null, readonly Issue[]>({
    source: () => (this.provider() === null ? [] : this.list.hasValue() ? this.list.value() : null),
    computation: (newest, previous) => newest ?? previous?.value ?? [],
  });
  protected readonly agents = computed(() => this.store.seats().filter(({ type }) => type === 'agent'));
  protected readonly taking = signal('');
  protected readonly refusal = signal('');

  protected taskOf({ id }: Issue) {
    return this.store
      .state()
      ?.tasks.find(({ issue, state }) => issue?.id === id && !FINISHED_TASK_STATES.includes(state));
  }

  protected placeOf(task: number) {
    return queryOf({ work: 'tasks', task });
  }

  protected async take({ id: issueId, roomId, number }: Issue, agentId: string): Promise<void> {
    this.taking.set(issueId);
    this.refusal.set('');
    try {
      const request = { roomId, issueId, commandId: newCommandId() };
      await this.store.ask('take_issue', agentId ? { ...request, agentId } : request);
      this.followFocus(issueId);
    } catch (thrown) {
      this.refusal.set(`Issue #${number} is no task. ${toApiProblem(thrown).detail}`);
      this.taking.set('');
    }
  }

  /** The button goes when the task comes; the keyboard goes on to the task. */
  private followFocus(issueId: string): void {
    const stop = this.store.follow((event) => {
      if (event.type === 'task.created' && event.data.task.issue?.id === issueId) {
        stop();
        this.taking.set('');
        afterNextRender(
          () => this.element.nativeElement.querySelector<HTMLElement>(`[data-issue="${issueId}"] .task`)?.focus(),
          { injector: this.injector },
        );
      }
    });
  }
}
