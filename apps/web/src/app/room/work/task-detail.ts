import { httpResource } from '@angular/common/http';
import { Component, computed, inject, input, linkedSignal, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { FINISHED_TASK_STATES, type Task, type TaskDetail, taskOfPullRequest } from '@clawtank/contracts';
import { LucideEye, LucideGitBranch, LucideGitPullRequest } from '../../shared/icon/icons';
import { toApiProblem } from '../../core/problem/api-problem';
import { Avatar } from '../../shared/avatar/avatar';
import { Badge } from '../../shared/badge';
import { Button } from '../../shared/button';
import { Confirm } from '../../shared/confirm/confirm';
import { RelativeTime } from '../../shared/relative-time';
import { Skeleton } from '../../shared/skeleton';
import { StateMessage } from '../../shared/state/state-message';
import { newCommandId } from '../../core/connection/new-command-id';
import { DecidedApprovals } from '../approvals/decided-approvals';
import { WaitingApprovals } from '../approvals/waiting-approvals';
import { AskForTask } from '../dialogs/ask-for-task';
import { TaskWords } from '../plain-words/task-words';
import { TaskReview } from '../review/task-review';
import { whyNotDone } from '../review/why-not-done';
import { RoomStore } from '../state/room-store';
import { AutoMergeLine } from './auto-merge-line';
import { callOffWords } from './call-off-words';
import { Deadline } from './deadline';
import { DetailHead } from './detail-head';
import { LeaseLeft } from './lease-left';
import { TaskChecks } from './task-checks';
import { closedIssueWords } from './closed-issue-words';
import { conflictsOf } from './task-conflicts';
import { TaskFiles } from './task-files';
import { taskState } from './task-groups';
import { TaskLinks } from './task-links';
import { relationsOf } from './task-relations';

const STEPS: Record<string, string> = {
  'task.created': 'asked for it',
  'agent.claimed_task': 'claimed it',
  'task.progressed': 'reported progress',
  'task.submitted': 'handed it in',
  'task.released': 'gave it back',
  'task.failed': 'could not do it',
  'task.cancelled': 'called it off',
  'task.updated': 'changed what was asked',
  'task.completed': 'Done',
  'task.issue_closed': 'Its issue was closed',
  'task.issue_gone': 'Its issue was removed',
  'task.issue_open': 'Its issue is open again',
  'task.redacted': 'What was asked was taken back',
};

/** The story of one task: what was asked, in which words, who did what, and what came of it. */
@Component({
  selector: 'ct-task-detail',
  imports: [
    AutoMergeLine,
    Avatar,
    Badge,
    Button,
    Deadline,
    DecidedApprovals,
    DetailHead,
    LeaseLeft,
    LucideEye,
    LucideGitBranch,
    LucideGitPullRequest,
    RelativeTime,
    RouterLink,
    Skeleton,
    StateMessage,
    TaskChecks,
    TaskFiles,
    TaskLinks,
    TaskReview,
    TaskWords,
    WaitingApprovals,
  ],
  providers: [AskForTask],
  templateUrl: './task-detail.html',
  styleUrl: './detail.css',
})
export class TaskDetailView {
  private readonly confirm = inject(Confirm);
  protected readonly asking = inject(AskForTask);
  protected readonly store = inject(RoomStore);

  readonly number = input.required<number>();

  private readonly listed = computed(() => this.store.state()?.tasks.find(({ number }) => number === this.number()));
  /** Long finished tasks are not in the room's state. */
  private readonly archive = httpResource<Task[]>(() =>
    this.listed() ? undefined : `/api/rooms/${this.store.roomId()}/tasks`,
  );
  protected readonly task = computed<Task | null>(
    () =>
      this.listed() ??
      (this.archive.hasValue() ? (this.archive.value().find(({ number }) => number === this.number()) ?? null) : null),
  );
  protected readonly isLooking = computed(() => !this.task() && this.archive.isLoading());

  protected readonly detail = httpResource<TaskDetail>(() => {
    const task = this.task();
    // A new object each time the task changes: its history has grown, so it is asked for again.
    return task ? { url: `/api/rooms/${task.roomId}/tasks/${task.id}` } : undefined;
  });
  /** The last answer stays on screen while a newer one is on its way. */
  protected readonly shown = linkedSignal<TaskDetail | null, TaskDetail | null>({
    source: () => (this.detail.hasValue() ? this.detail.value() : null),
    computation: (newest, previous) => {
      const detail = newest ?? previous?.value ?? null;
      return detail?.task.id === this.task()?.id ? detail : null;
    },
  });
  protected readonly problem = computed(() => {
    const thrown = this.detail.error();
    return thrown && !this.shown() ? toApiProblem(thrown) : null;
  });

  protected readonly state = computed(() => taskState(this.task()?.state ?? 'open'));
  protected readonly holder = computed(() => this.task()?.lease?.holder ?? this.task()?.assignedTo ?? null);
  protected readonly ring = computed(() => this.store.seatById().get(this.holder()?.id ?? '')?.ring ?? 'disconnected');
  protected readonly isFinished = computed(() => FINISHED_TASK_STATES.includes(this.task()?.state ?? 'open'));
  protected readonly relations = computed(() => {
    const task = this.task();
    const found = task && relationsOf(task, this.store.state()?.tasks ?? []);
    return found
      ? [
          { name: 'Part of', tasks: found.parent },
          { name: 'Its parts', tasks: found.parts },
          { name: 'Waits for', tasks: found.waitsFor },
          { name: 'Waited for by', tasks: found.waitedForBy },
        ].filter(({ tasks }) => tasks.length > 0)
      : [];
  });
  /** The task's own pull request. */
  protected readonly pull = computed(() => {
    const task = this.task();
    return this.store.state()?.pullRequests.findLast((pull) => task && taskOfPullRequest(pull, [task])) ?? null;
  });
  protected readonly why = computed(() => {
    const [state, task] = [this.store.state(), this.task()];
    if (!state || !task) {
      return null;
    }
    const released = state.activity.findLast(({ data }) => 'task' in data && data.task.id === task.id);
    return whyNotDone(task, {
      tasks: state.tasks,
      approvals: state.approvals,
      seats: this.store.seats(),
      pull: this.pull(),
      conflicts: conflictsOf(task.id, state),
      history: this.shown()?.history ?? [],
      released: released?.type === 'task.released' ? released.data.reason : null,
    });
  });
  protected readonly issueWords = computed(() => {
    const task = this.task();
    return task && closedIssueWords(task);
  });
  protected readonly canChange = computed(() => {
    const task = this.task();
    return task !== null && this.store.can('create_task') && !FINISHED_TASK_STATES.includes(task.state);
  });
  protected readonly isCancelling = signal(false);
  protected readonly refusal = signal('');

  protected stepWords({ what, actor }: TaskDetail['history'][number]): string {
    if (what === 'task.reviewed') {
      return actor.type === 'system' ? 'A push took the approval away' : 'reviewed it';
    }
    return what === 'task.progressed' && actor.type !== 'agent' ? 'Waits for review' : (STEPS[what] ?? what);
  }

  protected async cancel(task: Task): Promise<void> {
    if (!(await this.confirm.ask(callOffWords(task)))) {
      return;
    }
    this.isCancelling.set(true);
    this.refusal.set('');
    try {
      await this.store.ask('cancel_task', { roomId: task.roomId, taskId: task.id, commandId: newCommandId() });
    } catch (thrown) {
      this.refusal.set(toApiProblem(thrown).detail);
    } finally {
      this.isCancelling.set(false);
    }
  }
}
