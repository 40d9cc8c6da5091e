import { httpResource } from '@angular/common/http';
import { Component, ElementRef, computed, inject, input, signal, viewChildren } from '@angular/core';
import { RouterLink } from '@angular/router';
import { type PullRequest, type PullRequestDiff, taskOfPullRequest } from '@clawtank/contracts';
import { LucideCircleAlert, LucideCircleCheck, LucideGitBranch, LucideGitMerge } from '../../shared/icon/icons';
import { toApiProblem } from '../../core/problem/api-problem';
import { Badge, type Tone } from '../../shared/badge';
import { Button } from '../../shared/button';
import { Confirm } from '../../shared/confirm/confirm';
import { DiffView } from '../../shared/diff/diff-view';
import { FileStatus } from '../../shared/file-status';
import { RelativeTime } from '../../shared/relative-time';
import { Skeleton } from '../../shared/skeleton';
import { StateMessage } from '../../shared/state/state-message';
import { Toasts } from '../../shared/toast/toasts';
import { LineRemarks } from '../review/line-remarks';
import { ShownRemarks } from '../review/shown-remarks';
import { RoomApi } from '../state/room-api';
import { RoomStore } from '../state/room-store';
import { AutoMergeLine } from './auto-merge-line';
import { DetailHead } from './detail-head';

const STATES: Record<PullRequest['state'], { readonly words: string; readonly tone: Tone }> = {
  open: { words: 'Open', tone: 'violet' },
  merged: { words: 'Merged', tone: 'good' },
  closed: { words: 'Closed', tone: 'neutral' },
};

/** One pull request: what it changes, whether it merges, and the merge itself. */
@Component({
  selector: 'ct-pull-detail',
  imports: [
    AutoMergeLine,
    Badge,
    Button,
    DetailHead,
    DiffView,
    FileStatus,
    LineRemarks,
    LucideCircleAlert,
    LucideCircleCheck,
    LucideGitBranch,
    LucideGitMerge,
    RelativeTime,
    RouterLink,
    Skeleton,
    StateMessage,
  ],
  providers: [ShownRemarks],
  templateUrl: './pull-detail.html',
  styleUrl: './detail.css',
})
export class PullDetailView {
  private readonly api = inject(RoomApi);
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);
  protected readonly remarks = inject(ShownRemarks);
  protected readonly store = inject(RoomStore);
  private readonly diffs = viewChildren(DiffView);
  private readonly wholeFiles = viewChildren<string, ElementRef<HTMLElement>>('wholeFile', { read: ElementRef });

  readonly number = input.required<number>();

  protected readonly pull = computed(
    () => this.store.state()?.pullRequests.find(({ number }) => number === this.number()) ?? null,
  );
  private readonly head = computed(() => this.pull()?.headSha);
  /** Asked again when the branch has new commits. */
  protected readonly diff = httpResource<PullRequestDiff>(() =>
    this.head() ? `/api/rooms/${this.store.roomId()}/pulls/${this.number()}/diff` : undefined,
  );
  protected readonly files = computed(() => (this.diff.hasValue() ? this.diff.value().files : null));
  protected readonly diffProblem = computed(() => (this.diff.error() ? toApiProblem(this.diff.error()) : null));
  protected readonly state = computed(() => STATES[this.pull()?.state ?? 'open']);
  protected readonly task = computed(() => {
    const pull = this.pull();
    return pull && taskOfPullRequest(pull, this.store.state()?.tasks ?? []);
  });
  protected readonly canRemark = computed(() => this.store.can('merge') && this.remarks.reviewed() !== null);
  protected readonly drafted = computed(() => this.remarks.drafted().length);
  protected readonly isOpen = computed(() => this.pull()?.state === 'open');
  protected readonly canMerge = computed(() => this.isOpen() && this.store.can('merge'));
  protected readonly canClose = computed(
    () => this.isOpen() && (this.store.can('merge') || this.pull()?.author.id === this.store.readerId()),
  );
  protected readonly doing = signal<'merge' | 'close' | null>(null);
  protected readonly refusal = signal('');

  constructor() {
    this.remarks.follow(this.pull, this.task);
  }

  protected backToLine(path: string, line: number): void {
    this.diffs()
      .find((diff) => diff.path() === path)
      ?.focusLine(line);
  }

  protected backToFile(path: string): void {
    this.wholeFiles()
      .find(({ nativeElement }) => nativeElement.dataset['path'] === path)
      ?.nativeElement.focus();
  }

  protected async merge(pull: PullRequest): Promise<void> {
    await this.do('merge', async () => {
      await this.api.merge(this.store.roomId(), pull);
      this.toasts.done(`Merged #${pull.number} into ${pull.base}.`);
    });
  }

  protected async close(pull: PullRequest): Promise<void> {
    const isSure = await this.confirm.ask({
      heading: `Close pull request #${pull.number}?`,
      text: `“${pull.title}” is not merged. Its branch ${pull.head} stays.`,
      deed: 'Close it',
    });
    if (isSure) {
      await this.do('close', () => this.api.closePull(this.store.roomId(), pull));
    }
  }

  private async do(deed: 'merge' | 'close', act: () => Promise<unknown>): Promise<void> {
    this.doing.set(deed);
    this.refusal.set('');
    try {
      await act();
    } catch (thrown) {
      this.refusal.set(toApiProblem(thrown).detail);
    } finally {
      this.doing.set(null);
    }
  }
}
