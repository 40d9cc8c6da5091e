import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucidePlus, LucideListTodo } from '../../shared/icon/icons';
import { Button } from '../../shared/button';
import { StateMessage } from '../../shared/state/state-message';
import { AskForTask } from '../dialogs/ask-for-task';
import { RoomStore } from '../state/room-store';
import { ActiveFiles } from './active-files';
import { groupsOf } from './task-groups';
import { TaskItem } from './task-item';

/** The room's work, by how far it is. */
@Component({
  selector: 'ct-tasks-tab',
  imports: [ActiveFiles, Button, LucidePlus, LucideListTodo, RouterLink, StateMessage, TaskItem],
  providers: [AskForTask],
  template: `
    <div class="tools">
      @if (store.can('create_task')) {
        <button type="button" ctButton size="small" (click)="asking.open()">
          <svg lucidePlus [size]="16"></svg>New task
        </button>
      }
      <a ctButton="quiet" size="small" [routerLink]="['/rooms', store.roomId(), 'board']"
        ><svg lucideListTodo [size]="16"></svg>Board</a
      >
    </div>
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
    <ct-active-files />
  `,
  styleUrl: './tab.css',
})
export class TasksTab {
  protected readonly asking = inject(AskForTask);
  protected readonly store = inject(RoomStore);
  protected readonly groups = computed(() => groupsOf(this.store.state()?.tasks ?? []));
}
