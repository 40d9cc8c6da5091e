import { Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Task } from '@clawtank/contracts';
import { Badge } from '../../shared/badge';
import { taskState } from './task-groups';
import { queryOf } from './work-place';

/** Other tasks that one belongs with; each can be opened. */
@Component({
  selector: 'ct-task-links',
  imports: [Badge, RouterLink],
  template: `
    <ul>
      @for (task of tasks(); track task.id) {
        <li>
          <a [routerLink]="[]" [queryParams]="queryOf(task)" queryParamsHandling="merge"
            ><span class="tabular">#{{ task.number }}</span> {{ task.title }}</a
          >
          <ct-badge [tone]="stateOf(task).tone">{{ stateOf(task).words }}</ct-badge>
        </li>
      }
    </ul>
  `,
  styles: `
    ul {
      display: grid;
      gap: 0.25rem;
    }

    li {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0.25rem var(--space-2);
    }

    a {
      min-width: 0;
      overflow-wrap: anywhere;
    }
  `,
})
export class TaskLinks {
  readonly tasks = input.required<readonly Task[]>();

  protected readonly stateOf = ({ state }: Task) => taskState(state);
  protected readonly queryOf = ({ number }: Task) => queryOf({ work: 'tasks', task: number });
}
