import { Component, ElementRef, inject, input, signal, viewChild } from '@angular/core';
import { FormRoot, form } from '@angular/forms/signals';
import { UpdateAgent } from '@clawtank/contracts';
import { LucidePencil } from '../../shared/icon/icons';
import { Button } from '../../shared/button';
import { FormProblem } from '../../shared/form/form-problem';
import { matches } from '../../shared/form/matches';
import { submission } from '../../shared/form/submission';
import { TextField } from '../../shared/form/text-field';
import { AgentStore } from './agent-store';

/** What an agent is good at, in its owner's words, which can be changed where they stand. */
@Component({
  selector: 'ct-agent-description',
  imports: [Button, FormProblem, FormRoot, LucidePencil, TextField],
  template: `
    @if (isEditing()) {
      <form [formRoot]="draft" (keydown.escape)="end()">
        <ct-form-problem [form]="draft" />
        <ct-text-field
          [field]="draft.description"
          label="What it is good at"
          hint="One line, for the people it works with."
          optional
        />
        <div class="buttons">
          <button ctButton="primary" size="small" [pending]="draft().submitting()">Save</button>
          <button type="button" ctButton size="small" (click)="end()">Cancel</button>
        </div>
      </form>
    } @else {
      <p>
        {{ description() || 'Nobody has said yet what it is good at.' }}
        <button
          #edit
          type="button"
          ctButton="quiet"
          size="small"
          icon
          aria-label="Change what it is good at"
          title="Change what it is good at"
          (click)="begin()"
        >
          <svg lucidePencil [size]="14"></svg>
        </button>
      </p>
    }
  `,
  styles: `
    p {
      color: var(--ink-soft);
      overflow-wrap: anywhere;
    }

    form {
      display: grid;
      gap: var(--space-2);
      max-width: 32rem;
    }

    .buttons {
      display: flex;
      gap: var(--space-2);
    }
  `,
})
export class AgentDescription {
  private readonly store = inject(AgentStore);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly edit = viewChild<string, ElementRef<HTMLElement>>('edit', { read: ElementRef });

  readonly description = input.required<string>();

  protected readonly isEditing = signal(false);
  private readonly model = signal({ description: '' });
  protected readonly draft = form(this.model, (path) => matches(path.description, UpdateAgent.shape.description), {
    submission: submission(async ({ description }: { description: string }) => {
      await this.store.describe(description);
      this.end();
    }),
  });

  protected begin(): void {
    this.model.set({ description: this.description() });
    this.isEditing.set(true);
    setTimeout(() => this.host.nativeElement.querySelector('input')?.focus());
  }

  protected end(): void {
    this.isEditing.set(false);
    setTimeout(() => this.edit()?.nativeElement.focus());
  }
}
