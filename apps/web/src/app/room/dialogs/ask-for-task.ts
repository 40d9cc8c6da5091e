import { Dialog } from '@angular/cdk/dialog';
import { Injector, Service, inject } from '@angular/core';
import type { Task } from '@clawtank/contracts';
import { TaskDialog } from './task-dialog';

/** Opens the form for a new task, or for changes to one. Provided where it is opened, so that the form finds the room. */
@Service({ autoProvided: false })
export class AskForTask {
  private readonly dialog = inject(Dialog);
  private readonly injector = inject(Injector);

  open(task: Task | null = null): void {
    this.dialog.open(TaskDialog, {
      data: task,
      injector: this.injector,
      ariaLabelledBy: 'task-dialog-heading',
      autoFocus: task ? 'first-tabbable' : 'textarea',
      backdropClass: 'ct-scrim',
    });
  }
}
