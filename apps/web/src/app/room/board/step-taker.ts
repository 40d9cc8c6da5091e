import { Dialog } from '@angular/cdk/dialog';
import { Injector, Service, inject } from '@angular/core';
import type { ReviewTask, Task } from '@clawtank/contracts';
import { firstValueFrom } from 'rxjs';
import { newCommandId } from '../../core/connection/new-command-id';
import { toApiProblem } from '../../core/problem/api-problem';
import { Confirm } from '../../shared/confirm/confirm';
import { Toasts } from '../../shared/toast/toasts';
import { ReviewDialog } from '../review/review-dialog';
import { RoomStore } from '../state/room-store';
import { callOffWords } from '../work/call-off-words';
import type { Step } from './board-steps';

/** Takes the step that a move on the board stands for; asks first for what it needs. */
@Service({ autoProvided: false })
export class StepTaker {
  private readonly confirm = inject(Confirm);
  private readonly dialog = inject(Dialog);
  private readonly injector = inject(Injector);
  private readonly store = inject(RoomStore);
  private readonly toasts = inject(Toasts);

  /** Resolves to what was done, in words; to nothing if the reader thought better of it or the server refused. */
  async take(task: Task, step: Step): Promise<string> {
    const { id: taskId, roomId, number } = task;
    const ids = { roomId, taskId, commandId: newCommandId() };
    try {
      switch (step.kind) {
        case 'assign': {
          const { assignedTo } = await this.store.ask('update_task', { ...ids, agentId: step.agentId });
          return `Task ${number} is for ${assignedTo?.name ?? 'whoever claims it'} now.`;
        }
        case 'review':
          return (await this.review(task, step.verdict)) ? `Task ${number} was reviewed.` : '';
        case 'cancel':
          if (!(await this.confirm.ask(callOffWords(task)))) {
            return '';
          }
          await this.store.ask('cancel_task', ids);
          return `Task ${number} was called off.`;
        default:
          return '';
      }
    } catch (thrown) {
      this.toasts.failed(`Task ${number} stays where it was. ${toApiProblem(thrown).detail}`);
      return '';
    }
  }

  private async review(task: Task, verdict: ReviewTask['verdict']): Promise<boolean> {
    const dialog = this.dialog.open<boolean>(ReviewDialog, {
      data: { task, verdict },
      injector: this.injector,
      ariaLabelledBy: 'review-heading',
      autoFocus: 'textarea',
      backdropClass: 'ct-scrim',
    });
    return (await firstValueFrom(dialog.closed, { defaultValue: false })) ?? false;
  }
}
