import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Task } from '@clawtank/contracts';
import { LucideGitPullRequest, LucideHand } from '../../shared/icon/icons';
import { Avatar } from '../../shared/avatar/avatar';
import { Badge } from '../../shared/badge';
import { RelativeTime } from '../../shared/relative-time';
import { Approvals } from '../approvals/approvals';
import { TaskWords } from '../plain-words/task-words';
import { RoomStore } from '../state/room-store';
import { ConflictFlag } from './conflict-flag';
import { taskState } from './task-groups';

/** A task in a list: what, who, how far. Opens the task. */
@Component({
  selector: 'ct-task-item',
  imports: [Avatar, Badge, ConflictFlag, LucideGitPullRequest, LucideHand, RelativeTime, RouterLink, TaskWords],
  template: `
    @if (holder(); as holder) {
      <ct-avatar [name]="holder.name" kind="agent" [ring]="ring()" [size]="28" />
    } @else {
      <span class="nobody" aria-hidden="true"></span>
    }
    <div class="what">
      <h3>
        <a
          [routerLink]="[]"
          [queryParams]="{ work: 'tasks', task: task().number, pull: null }"
          queryParamsHandling="merge"
          >{{ task().title }}</a
        >
      </h3>
      @if (task().issue?.title; as said) {
        <p class="note">{{ said }}</p>
      }
      <p class="facts">
        <span class="tabular">#{{ task().number }}</span>
        @if (waitsFor(); as owner) {
          <ct-badge [tone]="owner === 'you' ? 'coral' : 'neutral'">
            <svg lucideHand [size]="12"></svg>waits for {{ owner }}
          </ct-badge>
        }
        @if (isFinished()) {
          <ct-badge [tone]="state().tone">{{ state().words }}</ct-badge>
        } @else {
          <span>{{ state().words }}</span>
        }
        <ct-conflict-flag [taskId]="task().id" />
        @if (task().priority === 'high') {
          <span>high priority</span>
        }
        @if (task().pullRequest; as number) {
          <span class="pull tabular"><svg lucideGitPullRequest [size]="12"></svg>#{{ number }}</span>
        }
        <ct-time [at]="task().updatedAt" />
      </p>
      @if (progress(); as progress) {
        <p class="note">{{ progress.note }}</p>
        @if (progress.percent !== null) {
          <div
            class="bar"
            role="progressbar"
            [attr.aria-label]="'Progress of ' + task().title"
            [attr.aria-valuenow]="progress.percent"
            aria-valuemin="0"
            aria-valuemax="100"
          >
            <div [style.inline-size.%]="progress.percent"></div>
          </div>
        }
      }
      @if (task().failure; as failure) {
        <p class="note failure">{{ failure }}</p>
      }
      <ct-task-words [task]="task()" />
    </div>
  `,
  styleUrl: './task-item.css',
})
export class TaskItem {
  private readonly approvals = inject(Approvals);
  private readonly store = inject(RoomStore);

  readonly task = input.required<Task>();

  /** Who has to give leave before it can go on. */
  protected readonly waitsFor = computed(() => {
    const asked = this.approvals.waiting().filter(({ taskId }) => taskId === this.task().id);
    return asked.some(({ owner }) => owner.id === this.store.readerId()) ? 'you' : (asked[0]?.owner.name ?? '');
  });
  protected readonly state = computed(() => taskState(this.task().state));
  protected readonly isFinished = computed(() => ['done', 'cancelled', 'failed'].includes(this.task().state));
  /** Of interest only while somebody is at it. */
  protected readonly progress = computed(() => (this.task().state === 'in_progress' ? this.task().progress : null));
  protected readonly holder = computed(() => this.task().lease?.holder ?? this.task().assignedTo);
  protected readonly ring = computed(() => this.store.seatById().get(this.holder()?.id ?? '')?.ring ?? 'disconnected');
}
