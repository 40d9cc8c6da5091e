import { DOCUMENT, Service, computed, effect, inject, signal, untracked } from '@angular/core';
import type { ReviewRemark, Task } from '@clawtank/contracts';
import { Session } from '../../core/session/session';
import { RemarkStorage } from './remark-storage';

type Reviewed = Pick<Task, 'id' | 'submittedSha'>;
type Place = Pick<ReviewRemark, 'path' | 'line'>;

/**
 * Remarks the reader has made of work that was handed in; they travel with the review of exactly that commit, and wait for it on this
 * device.
 */
@Service({ autoProvided: false })
export class RemarkDrafts {
  private readonly session = inject(Session);
  private readonly storage = new RemarkStorage(inject(DOCUMENT).defaultView?.indexedDB);
  private readonly all = signal<Readonly<Record<string, readonly ReviewRemark[]>>>({});
  private readonly readerId = computed(() => this.session.account()?.id ?? '');
  /** One after another, so that what was written last is what is kept. */
  private writing: Promise<void> = Promise.resolve();

  constructor() {
    effect(() => {
      const readerId = this.readerId();
      untracked(() => void this.load(readerId));
    });
  }

  /** In the order of the files and their lines. */
  of(task: Reviewed): readonly ReviewRemark[] {
    return this.all()[this.keyOf(task)] ?? [];
  }

  /** Keeps what is said of a place; what was said of it before is replaced. */
  keep(task: Reviewed, remark: ReviewRemark): void {
    this.show(task, [...this.of(task).filter((one) => !isSamePlace(one, remark)), remark].sort(byPlace));
    const kept = { ...this.placeOf(task, remark), text: remark.text, changedAt: new Date().toISOString() };
    this.write(() => this.storage.keep(kept));
  }

  drop(task: Reviewed, place: Place): void {
    this.show(
      task,
      this.of(task).filter((one) => !isSamePlace(one, place)),
    );
    const dropped = this.placeOf(task, place);
    this.write(() => this.storage.drop(dropped));
  }

  /** They were sent. */
  clear(task: Reviewed): void {
    this.of(task).forEach((remark) => this.drop(task, remark));
  }

  private show(task: Reviewed, remarks: readonly ReviewRemark[]): void {
    this.all.update((all) => ({ ...all, [this.keyOf(task)]: remarks }));
  }

  private write(how: () => Promise<void>): void {
    this.writing = this.writing.then(how).catch(() => undefined); // then they last as long as the page
  }

  /** What was changed here meanwhile is newer than what was kept. */
  private async load(readerId: string): Promise<void> {
    const kept = readerId ? await this.storage.all(readerId).catch(() => []) : [];
    const found: Record<string, ReviewRemark[]> = {};
    for (const { taskId, sha, path, line, text } of kept) {
      (found[`${readerId} ${taskId} ${sha}`] ??= []).push({ path, line, text });
    }
    Object.values(found).forEach((remarks) => remarks.sort(byPlace));
    this.all.update((all) => ({ ...found, ...all }));
  }

  private keyOf({ id, submittedSha }: Reviewed): string {
    return `${this.readerId()} ${id} ${submittedSha}`;
  }

  private placeOf({ id: taskId, submittedSha }: Reviewed, { path, line }: Place) {
    return { readerId: this.readerId(), taskId, sha: submittedSha ?? '', path, line };
  }
}

const isSamePlace = (a: Place, b: Place): boolean => a.path === b.path && a.line === b.line;

const byPlace = (a: ReviewRemark, b: ReviewRemark): number =>
  a.path === b.path ? (a.line ?? 0) - (b.line ?? 0) : a.path < b.path ? -1 : 1;
