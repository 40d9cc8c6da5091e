import { httpResource } from '@angular/common/http';
import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Task, TaskDetail } from '@clawtank/contracts';
import { Badge } from '../../shared/badge';
import { RelativeTime } from '../../shared/relative-time';
import { TimeLeft } from '../../shared/time-left';
import { WaitingApprovals } from '../approvals/waiting-approvals';
import { AgentsNow } from '../state/agents-now';
import { RoomStore } from '../state/room-store';
import { taskState } from '../work/task-groups';
import { queryOf } from '../work/work-place';
import { lastPushOf, notesOf } from './agent-work';
import { BranchWork } from './branch-work';

/** One task as its holder works on it: what it does now, what it did before, what it asks leave for, what it pushed. */
@Component({
  selector: 'ct-watched-task',
  imports: [Badge, BranchWork, RelativeTime, RouterLink, TimeLeft, WaitingApprovals],
  template: `
    <header>
      <p class="facts">
        <span class="tabular">Task {{ task().number }}</span>
        <ct-badge [tone]="state().tone">{{ state().words }}</ct-badge>
        @if (heldUntil(); as until) {
          <span title="It renews this by itself while it works. When it has run out, the task is open again."
            >lease <ct-time-left [until]="until"
          /></span>
        }
      </p>
      <h3 class="title">
        <a [routerLink]="[]" [queryParams]="query()" queryParamsHandling="merge">{{ task().title }}</a>
      </h3>
    </header>
    <ct-waiting-approvals [taskId]="task().id" />
    @if (notes()[0]; as newest) {
      <div class="progress">
        @for (part of newest.parts; track $index) {
          <p [class.first]="$first">{{ part }}</p>
        }
        <p class="when"><ct-time [at]="newest.at" ago /></p>
        @if (percent() !== null) {
          <div
            class="bar"
            role="progressbar"
            [attr.aria-label]="'Progress of ' + task().title"
            [attr.aria-valuenow]="percent()"
            aria-valuemin="0"
            aria-valuemax="100"
          >
            <div [style.inline-size.%]="percent()"></div>
          </div>
        }
      </div>
    } @else if (task().lease) {
      <p class="note">It has not said yet what it does.</p>
    }
    @if (notes().length > 1) {
      <details open>
        <summary>What it did before ({{ notes().length - 1 }})</summary>
        <div class="notes" tabindex="0" role="region" aria-label="What it did before">
          <ol>
            @for (note of notes().slice(1); track note.at) {
              <li>
                <ct-time [at]="note.at" />
                <span>{{ note.parts.join(' · ') }}</span>
              </li>
            }
          </ol>
        </div>
      </details>
    }
    @if (branch(); as branch) {
      <ct-branch-work [branch]="branch" [tip]="tip()" />
    } @else if (task().lease) {
      <p class="note">Nothing of this task is pushed yet.</p>
    }
  `,
  styleUrl: '../work/detail.css',
  styles: `
    :host {
      gap: var(--space-3);
      padding: var(--space-4) 0 0;
      border-top: 1px solid var(--line);
    }

    header {
      gap: var(--space-1);
    }

    .title {
      color: var(--ink);
      font-size: var(--text-m);
      overflow-wrap: anywhere;
    }

    .progress {
      gap: var(--space-1);
      overflow-wrap: anywhere;
    }

    .progress p:not(.first) {
      color: var(--ink-soft);
      font-size: var(--text-s);
    }

    .first {
      font-weight: 600;
    }

    .progress .when {
      color: var(--ink-faint);
      font-size: var(--text-xs);
    }

    .notes ol {
      display: grid;
      gap: var(--space-1);
    }

    .notes {
      max-height: 16rem;
      margin-top: var(--space-2);
      overflow-y: auto;
      font-size: var(--text-s);
    }

    .notes li {
      display: grid;
      grid-template-columns: 3.5rem minmax(0, 1fr);
      gap: var(--space-2);
      overflow-wrap: anywhere;
    }

    .notes ct-time {
      color: var(--ink-faint);
      font-size: var(--text-xs);
      line-height: 1.5rem;
    }
  `,
})
export class WatchedTask {
  private readonly store = inject(RoomStore);
  private readonly now = inject(AgentsNow);

  readonly task = input.required<Task>();
  readonly agentId = input.required<string>();

  private readonly taskId = computed(() => this.task().id);
  /** Read once; what comes after it is in the room's activity. */
  private readonly detail = httpResource<TaskDetail>(() => `/api/rooms/${this.store.roomId()}/tasks/${this.taskId()}`);
  private readonly activity = computed(() => this.store.state()?.activity ?? []);

  protected readonly state = computed(() => taskState(this.task().state));
  protected readonly query = computed(() => queryOf({ work: 'tasks', task: this.task().number }));
  protected readonly heldUntil = computed(() => this.now.heldUntil(this.task().id));
  protected readonly percent = computed(() => this.task().progress?.percent ?? null);
  protected readonly notes = computed(() =>
    notesOf(this.task().id, this.detail.hasValue() ? this.detail.value().history : [], this.activity()),
  );
  /** Since it has the task: what it pushed before belongs to something else. */
  private readonly push = computed(() => {
    const { branch, createdAt } = this.task();
    const since = this.activity().filter(({ timestamp }) => timestamp >= createdAt);
    return lastPushOf(this.agentId(), branch, since);
  });
  protected readonly branch = computed(() => this.task().branch ?? this.push()?.data.push.branch ?? null);
  protected readonly tip = computed(() => this.push()?.data.push.after ?? this.task().submittedSha);
}
