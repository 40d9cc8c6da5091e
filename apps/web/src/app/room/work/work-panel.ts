import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideHand } from '../../shared/icon/icons';
import { Approvals } from '../approvals/approvals';
import { AgentWatch } from '../watch/agent-watch';
import { RoomStore } from '../state/room-store';
import { ActivityTab } from './activity-tab';
import { MembersTab } from './members-tab';
import { PullDetailView } from './pull-detail';
import { PullsTab } from './pulls-tab';
import { TaskDetailView } from './task-detail';
import { TasksTab } from './tasks-tab';
import { type WorkPlace, type WorkTab, queryOf } from './work-place';

/** The work beside the conversation: tasks, pull requests, activity, members. */
@Component({
  selector: 'ct-work-panel',
  imports: [
    ActivityTab,
    AgentWatch,
    LucideHand,
    MembersTab,
    PullDetailView,
    PullsTab,
    RouterLink,
    TaskDetailView,
    TasksTab,
  ],
  template: `
    <nav aria-label="Work">
      @for (entry of tabs(); track entry.tab) {
        <a
          [routerLink]="[]"
          [queryParams]="entry.query"
          queryParamsHandling="merge"
          [attr.aria-current]="tab() === entry.tab ? 'true' : null"
          >{{ entry.label }}
          @if (entry.count) {
            <span class="count tabular" [class.waiting]="entry.isWaiting">{{ entry.count }}</span>
          }
          @if (entry.asking; as asking) {
            <span class="count waiting tabular"
              ><svg lucideHand [size]="11"></svg>{{ asking
              }}<span class="visually-hidden">{{ asking === 1 ? ' waits' : ' wait' }} for your leave</span></span
            >
          }
        </a>
      }
      <ng-content />
    </nav>
    <div class="scroll">
      @switch (tab()) {
        @case ('tasks') {
          @if (place().task; as number) {
            <ct-task-detail [number]="number" />
          } @else {
            <ct-tasks-tab />
          }
        }
        @case ('pulls') {
          @if (place().pull; as number) {
            <ct-pull-detail [number]="number" />
          } @else {
            <ct-pulls-tab />
          }
        }
        @case ('activity') {
          <ct-activity-tab [place]="place()" />
        }
        @case ('members') {
          @if (place().agent; as agentId) {
            <ct-agent-watch [agentId]="agentId" />
          } @else {
            <ct-members-tab />
          }
        }
      }
    </div>
  `,
  styleUrl: './work-panel.css',
})
export class WorkPanel {
  private readonly approvals = inject(Approvals);
  private readonly store = inject(RoomStore);

  readonly place = input.required<WorkPlace>();

  protected readonly tab = computed(() => this.place().tab ?? 'tasks');
  protected readonly tabs = computed(() => {
    const state = this.store.state();
    const unfinished = state?.tasks.filter(({ state }) => !['done', 'cancelled', 'failed'].includes(state)).length;
    const open = state?.pullRequests.filter(({ state }) => state === 'open').length;
    const entry = (tab: WorkTab, label: string, count = 0, isWaiting = false, asking = 0) => ({
      ...{ tab, label, count, isWaiting, asking },
      query: queryOf({ work: tab }),
    });
    return [
      entry('tasks', 'Tasks', unfinished, false, this.approvals.own().length),
      entry('pulls', 'Pull requests', open, this.store.waitingPulls().length > 0),
      entry('activity', 'Activity'),
      entry('members', 'Members', this.store.seats().length),
    ];
  });
}
