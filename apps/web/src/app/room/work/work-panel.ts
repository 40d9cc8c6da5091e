import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
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
  imports: [ActivityTab, MembersTab, PullDetailView, PullsTab, RouterLink, TaskDetailView, TasksTab],
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
          <ct-members-tab />
        }
      }
    </div>
  `,
  styleUrl: './work-panel.css',
})
export class WorkPanel {
  private readonly store = inject(RoomStore);

  readonly place = input.required<WorkPlace>();

  protected readonly tab = computed(() => this.place().tab ?? 'tasks');
  protected readonly tabs = computed(() => {
    const state = this.store.state();
    const unfinished = state?.tasks.filter(({ state }) => !['done', 'cancelled', 'failed'].includes(state)).length;
    const open = state?.pullRequests.filter(({ state }) => state === 'open').length;
    const entry = (tab: WorkTab, label: string, count = 0, isWaiting = false) => ({
      ...{ tab, label, count, isWaiting },
      query: queryOf({ work: tab }),
    });
    return [
      entry('tasks', 'Tasks', unfinished),
      entry('pulls', 'Pull requests', open, this.store.waitingPulls().length > 0),
      entry('activity', 'Activity'),
      entry('members', 'Members', this.store.seats().length),
    ];
  });
}
