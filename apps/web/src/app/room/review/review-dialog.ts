import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { Component, computed, inject } from '@angular/core';
import type { ReviewTask, Task } from '@clawtank/contracts';
import { Button } from '../../shared/button';
import { RoomStore } from '../state/room-store';
import { ReviewForm } from './review-form';

/** A review with its verdict chosen already, where the work itself is not in sight. */
@Component({
  selector: 'ct-review-dialog',
  imports: [Button, ReviewForm],
  template: `
    <h2 id="review-heading">
      {{ asked.verdict === 'approved' ? 'Approve task ' : 'Ask for changes in task ' }}{{ asked.task.number }}
    </h2>
    <p class="lead">{{ asked.task.title }}</p>
    <ct-review-form [task]="task()" [only]="asked.verdict" (sent)="dialog.close(true)">
      <button type="button" ctButton (click)="dialog.close(false)">Not now</button>
    </ct-review-form>
  `,
  styleUrl: '../dialogs/dialog.css',
})
export class ReviewDialog {
  private readonly store = inject(RoomStore);
  protected readonly dialog = inject<DialogRef<boolean>>(DialogRef);
  protected readonly asked = inject<{ readonly task: Task; readonly verdict: ReviewTask['verdict'] }>(DIALOG_DATA);
  /** As it is by now. */
  protected readonly task = computed(
    () => this.store.state()?.tasks.find(({ id }) => id === this.asked.task.id) ?? this.asked.task,
  );
}
