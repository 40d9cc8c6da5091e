import { Service, type Signal, computed, inject, linkedSignal, signal } from '@angular/core';
import type { PullRequest, ReviewRemark, Task } from '@clawtank/contracts';
import { RemarkDrafts } from './remark-drafts';

type Place = Pick<ReviewRemark, 'path' | 'line'>;

const REVIEWED: readonly Task['state'][] = ['in_review', 'approved'];

/** The remarks beside the diff of one pull request: those of the review that counts, the reader's own, and the one being written. */
@Service({ autoProvided: false })
export class ShownRemarks {
  private readonly drafts = inject(RemarkDrafts);
  private readonly shown = signal<{
    readonly pull: Signal<PullRequest | null>;
    readonly task: Signal<Task | null>;
  } | null>(null);
  private readonly pull = computed(() => this.shown()?.pull() ?? null);
  private readonly head = computed(() => this.pull()?.headSha);
  private readonly task = computed(() => this.shown()?.task() ?? null);

  /** The task that waits for a review of exactly what the diff shows. */
  readonly reviewed = computed(() => {
    const task = this.task();
    const isShown = task?.submittedSha && task.submittedSha === this.pull()?.headSha;
    return task && isShown && REVIEWED.includes(task.state) ? task : null;
  });
  readonly drafted = computed(() => {
    const task = this.reviewed();
    return task ? this.drafts.of(task) : [];
  });
  /** What was said, with who said it, of the commit that the diff shows. */
  readonly given = computed(() => {
    const review = this.task()?.review;
    return review && review.sha === this.pull()?.headSha ? review : null;
  });
  /** Where the reader writes. Something newer has other lines. */
  readonly writing = linkedSignal<string | undefined, Place | null>({
    source: this.head,
    computation: () => null,
  });
  private readonly lines = computed(() => {
    const byPath = new Map<string, Set<number>>();
    const writing = this.writing();
    for (const { path, line } of [...(this.given()?.remarks ?? []), ...this.drafted(), ...(writing ? [writing] : [])]) {
      if (line !== null) {
        byPath.set(path, (byPath.get(path) ?? new Set()).add(line));
      }
    }
    return byPath;
  });

  follow(pull: Signal<PullRequest | null>, task: Signal<Task | null>): void {
    this.shown.set({ pull, task });
  }

  /** The lines of a file that something is said of. */
  linesOf(path: string): ReadonlySet<number> {
    return this.lines().get(path) ?? NONE;
  }

  open(place: Place): void {
    this.writing.set(place);
  }

  keep(remark: ReviewRemark): void {
    const task = this.reviewed();
    if (task) {
      this.drafts.keep(task, remark);
    }
    this.writing.set(null);
  }

  drop(place: Place): void {
    const task = this.reviewed();
    if (task) {
      this.drafts.drop(task, place);
    }
  }
}

const NONE: ReadonlySet<number> = new Set();
