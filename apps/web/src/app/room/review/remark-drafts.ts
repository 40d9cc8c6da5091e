import { Service, signal } from '@angular/core';
import type { ReviewRemark, Task } from '@clawtank/contracts';

type Reviewed = Pick<Task, 'id' | 'submittedSha'>;

/** Remarks the reader has made at lines of work that was handed in; they travel with the review of exactly that commit. */
@Service({ autoProvided: false })
export class RemarkDrafts {
  private readonly all = signal<Readonly<Record<string, readonly ReviewRemark[]>>>({});

  /** In the order of the files and their lines. */
  of(task: Reviewed): readonly ReviewRemark[] {
    return this.all()[keyOf(task)] ?? [];
  }

  /** Keeps what is said of a place; what was said of it before is replaced. */
  keep(task: Reviewed, remark: ReviewRemark): void {
    this.change(task, (remarks) => [...remarks.filter((one) => !isSamePlace(one, remark)), remark].sort(byPlace));
  }

  drop(task: Reviewed, remark: Pick<ReviewRemark, 'path' | 'line'>): void {
    this.change(task, (remarks) => remarks.filter((one) => !isSamePlace(one, remark)));
  }

  /** They were sent. */
  clear(task: Reviewed): void {
    this.change(task, () => []);
  }

  private change(task: Reviewed, how: (remarks: readonly ReviewRemark[]) => readonly ReviewRemark[]): void {
    this.all.update((all) => ({ ...all, [keyOf(task)]: how(all[keyOf(task)] ?? []) }));
  }
}

const keyOf = ({ id, submittedSha }: Reviewed): string => `${id} ${submittedSha}`;

const isSamePlace = (a: Pick<ReviewRemark, 'path' | 'line'>, b: Pick<ReviewRemark, 'path' | 'line'>): boolean =>
  a.path === b.path && a.line === b.line;

const byPlace = (a: ReviewRemark, b: ReviewRemark): number =>
  a.path === b.path ? (a.line ?? 0) - (b.line ?? 0) : a.path < b.path ? -1 : 1;
