import { Component, computed, effect, inject, input, linkedSignal, output, signal, untracked } from '@angular/core';
import { FormRoot, form, validate } from '@angular/forms/signals';
import { ReviewTask, type Task } from '@clawtank/contracts';
import { newCommandId } from '../../core/connection/new-command-id';
import { Button } from '../../shared/button';
import { FormProblem } from '../../shared/form/form-problem';
import { matches } from '../../shared/form/matches';
import { submission } from '../../shared/form/submission';
import { TextField } from '../../shared/form/text-field';
import { Drafts } from '../state/drafts';
import { RoomStore } from '../state/room-store';
import { RemarkDrafts } from './remark-drafts';
import { RemarkList } from './remark-list';

type Verdict = ReviewTask['verdict'];

/** Says what the reader thinks of exactly the commit that was handed in when they began to look at it. */
@Component({
  selector: 'ct-review-form',
  imports: [Button, FormProblem, FormRoot, RemarkList, TextField],
  template: `
    <form [formRoot]="draft" (input)="keepText()">
      <p class="note">
        Your review is of <code [title]="sha()">{{ sha().slice(0, 10) }}</code>, and of no other commit.
      </p>
      @if (hasMoved()) {
        <p class="moved" role="alert">
          It was handed in again meanwhile, as <code>{{ task().submittedSha?.slice(0, 10) }}</code>. What you wrote is
          kept.
          <button type="button" ctButton size="small" (click)="sha.set(task().submittedSha ?? '')">Review that</button>
        </p>
      }
      <ct-form-problem [form]="draft" />
      <ct-text-field
        [field]="draft.comment"
        label="Comment"
        hint="The agent gets it with your remarks."
        multiline
        optional
      />
      @if (remarks().length > 0) {
        <ct-remark-list [remarks]="remarks()" isDraft (dropped)="drafts.drop(reviewed(), $event)" />
      }
      <div class="buttons">
        @if (only() !== 'approved') {
          <button
            [ctButton]="only() ? 'primary' : ''"
            [disabled]="hasMoved()"
            [pending]="sending() === 'changes_requested'"
            (click)="verdict.set('changes_requested')"
          >
            Ask for changes
          </button>
        }
        @if (only() !== 'changes_requested') {
          <button
            ctButton="primary"
            [disabled]="hasMoved()"
            [pending]="sending() === 'approved'"
            (click)="verdict.set('approved')"
          >
            Approve
          </button>
        }
        <ng-content />
      </div>
    </form>
  `,
  styleUrl: '../../shared/form/fields.css',
  styles: `
    .moved {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--space-2);
      padding: var(--space-2) var(--space-3);
      border-radius: var(--radius-m);
      background: var(--amber-tint);
    }
  `,
})
export class ReviewForm {
  private readonly store = inject(RoomStore);
  private readonly texts = inject(Drafts);
  protected readonly drafts = inject(RemarkDrafts);
  /** Kept through repeats of the same words: a review whose answer got lost is not given twice. */
  private commandId = newCommandId();
  private lastRequest = '';

  readonly task = input.required<Task>();
  /** The one verdict that is asked for; null if the reader chooses. */
  readonly only = input<Verdict | null>(null);
  readonly sent = output();

  private readonly taskId = computed(() => this.task().id);
  private readonly reader = computed(() => this.store.readerId() ?? '');
  /** Names what is being said of the task; it stays when something newer is handed in. */
  private readonly place = computed(() => `review ${this.taskId()}`);
  /** What the reader looks at; stays when something newer is handed in, until they say so. */
  protected readonly sha = linkedSignal<string, string>({
    source: this.taskId,
    computation: () => untracked(this.task).submittedSha ?? '',
  });
  protected readonly reviewed = computed(() => ({ id: this.task().id, submittedSha: this.sha() }));
  protected readonly hasMoved = computed(() => this.task().submittedSha !== this.sha());
  protected readonly remarks = computed(() => this.drafts.of(this.reviewed()));
  protected readonly verdict = linkedSignal<Verdict>(() => this.only() ?? 'approved');
  protected readonly sending = computed(() => (this.draft().submitting() ? this.verdict() : null));
  protected readonly draft = form(
    signal({ comment: '' }),
    (path) => {
      matches(path.comment, ReviewTask.shape.comment);
      validate(path.comment, ({ value }) =>
        this.verdict() === 'changes_requested' && value().trim() === '' && this.remarks().length === 0
          ? { kind: 'missing', message: 'Say what should change, here or at a line of the diff' }
          : undefined,
      );
    },
    { submission: submission(({ comment }: { comment: string }) => this.send(comment)) },
  );

  constructor() {
    effect(() => {
      const comment = this.texts.read(this.place(), this.reader());
      untracked(() => this.draft().value.set({ comment }));
    });
  }

  protected keepText(): void {
    this.texts.keep(this.place(), this.reader(), this.draft().value().comment);
  }

  private async send(comment: string): Promise<void> {
    const { id: taskId, roomId } = this.task();
    const request = { roomId, taskId, verdict: this.verdict(), sha: this.sha(), comment, remarks: [...this.remarks()] };
    if (this.lastRequest !== JSON.stringify(request)) {
      this.lastRequest = JSON.stringify(request);
      this.commandId = newCommandId();
    }
    const reviewed = this.reviewed();
    await this.store.ask('review_task', { ...request, commandId: this.commandId });
    this.drafts.clear(reviewed);
    this.texts.keep(this.place(), this.reader(), '');
    this.draft().reset({ comment: '' });
    this.sent.emit();
  }
}
