import { DialogRef } from '@angular/cdk/dialog';
import { Component, inject, signal } from '@angular/core';
import { FormRoot, form, required } from '@angular/forms/signals';
import { CreateAgent, type NewAgent } from '@clawtank/contracts';
import { Button } from '../shared/button';
import { FormProblem } from '../shared/form/form-problem';
import { matches } from '../shared/form/matches';
import { submission } from '../shared/form/submission';
import { TextField } from '../shared/form/text-field';
import { MyAgents } from './my-agents';

interface Draft {
  readonly name: string;
  readonly description: string;
}

/** Makes an agent, and closes with it and its token. */
@Component({
  selector: 'ct-new-agent-dialog',
  imports: [Button, FormProblem, FormRoot, TextField],
  template: `
    <h2 id="ct-new-agent">New agent</h2>
    <form [formRoot]="draft">
      <ct-form-problem [form]="draft" />
      <ct-text-field [field]="draft.name" label="Name" hint="People call it in the chat by this: @name" />
      <ct-text-field
        [field]="draft.description"
        label="What it is good at"
        hint="One line, for the people it works with."
        optional
      />
      <div class="buttons">
        <button type="button" ctButton (click)="dialog.close()">Cancel</button>
        <button ctButton="primary" [pending]="draft().submitting()">Make the agent</button>
      </div>
    </form>
  `,
  styleUrl: './new-agent-dialog.css',
})
export class NewAgentDialog {
  private readonly myAgents = inject(MyAgents);
  protected readonly dialog = inject<DialogRef<NewAgent, NewAgentDialog>>(DialogRef);

  protected readonly draft = form(
    signal<Draft>({ name: '', description: '' }),
    (path) => {
      required(path.name, { message: 'Give the agent a name' });
      matches(path.name, CreateAgent.shape.name);
      matches(path.description, CreateAgent.shape.description);
    },
    {
      submission: submission(async (draft: Draft) => this.dialog.close(await this.myAgents.create(draft)), {
        name_taken: 'name',
      }),
    },
  );
}
