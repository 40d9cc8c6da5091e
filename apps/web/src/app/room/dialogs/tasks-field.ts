import { Component, computed, input } from '@angular/core';
import type { FieldTree } from '@angular/forms/signals';
import type { Task } from '@clawtank/contracts';

/** A choice of any of the room's tasks, with what is wrong with it. */
@Component({
  selector: 'ct-tasks-field',
  template: `
    @if (tasks().length > 0) {
      <details [open]="chosen().length > 0 || error() !== ''">
        <summary>{{ label() }}{{ chosen().length > 0 ? ': ' + chosen().length : '' }}</summary>
        <fieldset>
          <legend class="visually-hidden">{{ label() }}</legend>
          @for (task of tasks(); track task.id) {
            <label class="check">
              <input type="checkbox" [checked]="chosen().includes(task.id)" (change)="toggle(task.id)" />
              <span
                ><span class="tabular">{{ task.number }}</span
                >: {{ task.title }}</span
              >
            </label>
          }
        </fieldset>
      </details>
    }
    @if (error(); as error) {
      <p class="problem" role="alert">{{ label() }}: {{ error }}</p>
    }
  `,
  styleUrl: '../../shared/form/fields.css',
  styles: `
    summary {
      min-height: var(--row);
      font-weight: 600;
      line-height: var(--row);
      cursor: pointer;
    }

    fieldset {
      max-height: 12rem;
      overflow-y: auto;
    }
  `,
})
export class TasksField {
  readonly field = input.required<FieldTree<readonly string[]>>();
  readonly label = input.required<string>();
  readonly tasks = input.required<readonly Task[]>();

  protected readonly chosen = computed(() => this.field()().value());
  protected readonly error = computed(() => this.field()().errors()[0]?.message ?? '');

  protected toggle(id: string): void {
    this.field()().value.update((ids) => (ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]));
  }
}
