import { Dialog } from '@angular/cdk/dialog';
import { Component, Injector, computed, inject } from '@angular/core';
import { LucidePlus } from '@lucide/angular';
import { Button } from '../../shared/button';
import { StateMessage } from '../../shared/state/state-message';
import { NewTaskDialog } from '../dialogs/new-task-dialog';
import { RoomStore } from '../state/room-store';
import { groupsOf } from './task-groups';
import { TaskItem } from './task-item';

/** The room's work, by how far it is. */
@Component({
  selector: 'ct-tasks-tab',
  imports: [Button, LucidePlus, StateMessage, TaskItem],
  template: `
    @if (store.can('create_task')) {
      <button type="button" ctButton size="small" class="new" (click)="askForTask()">
        <svg lucidePlus [size]="16"></svg>New task
      </button>
    }
    @for (group of groups(); track group.heading) {
      <section [attr.aria-label]="group.heading">
        <h2>
          {{ group.heading }} <span class="tabular">{{ group.tasks.length }}</span>
        </h2>
        <ul>
          @for (task of group.tasks; track task.id) {
            <li><ct-task-item [task]="task" /></li>
          }
        </ul>
      </section>
    } @empty {
      <ct-state kind="empty" heading="No task yet">
        Mention an agent in the chat with what you want done, or write a task for whoever claims it.
      </ct-state>
    }
  `,
  styleUrl: './tab.css',
})
export class TasksTab {
  private readonly dialog = inject(Dialog);
  private readonly injector = inject(Injector);
  protected readonly store = inject(RoomStore);
  protected readonly groups = computed(() => groupsOf(this.store.state()?.tasks ?? []));

  protected askForTask(): void {
    this.dialog.open(NewTaskDialog, {
      injector: this.injector,
      ariaLabelledBy: 'new-task-heading',
      autoFocus: 'textarea',
      backdropClass: 'ct-scrim',
    });
  }
}
