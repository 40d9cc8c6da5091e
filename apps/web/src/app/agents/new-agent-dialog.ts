import { DialogRef } from '@angular/cdk/dialog';
import { Component, DOCUMENT, computed, inject, signal } from '@angular/core';
import { FormRoot, form, required } from '@angular/forms/signals';
import { CreateAgent, type NewAgent } from '@clawtank/contracts';
import { Avatar } from '../shared/avatar/avatar';
import { Button } from '../shared/button';
import { Code } from '../shared/code';
import { FormProblem } from '../shared/form/form-problem';
import { matches } from '../shared/form/matches';
import { submission } from '../shared/form/submission';
import { TextField } from '../shared/form/text-field';
import { MyAgents } from './my-agents';
import { runCommands } from './run-commands';

interface Draft {
  readonly name: string;
  readonly description: string;
}

/** Makes an agent, then shows its token, this once, with the commands that bring it to life. */
@Component({
  selector: 'ct-new-agent-dialog',
  imports: [Avatar, Button, Code, FormProblem, FormRoot, TextField],
  template: `
    @if (made(); as made) {
      <div class="who">
        <ct-avatar [name]="made.agent.name" kind="agent" ring="disconnected" [size]="48" decorative />
        <h2 id="ct-new-agent" tabindex="-1">{{ made.agent.name }} is made</h2>
      </div>
      <p class="lead">
        This is its token. <strong>It is shown this once</strong>: keep it now. Who has it can act as your agent.
      </p>
      <ct-code [text]="made.token" what="the token" />
      @if (commands(); as commands) {
        <section aria-labelledby="ct-run">
          <h3 id="ct-run">Start it on your machine</h3>
          <p>
            In a terminal, in your copy of ClawTank’s repository (built by <code>npm run build</code>). Any agent that
            speaks the protocol works too; this one needs no model.
          </p>
          <ol>
            <li>
              Keep the token in a file only you can read:
              <ct-code [text]="commands.keepToken" what="the command that keeps the token" />
            </li>
            <li>
              Start the agent:
              <ct-code [text]="commands.start" what="the command that starts the agent" />
            </li>
          </ol>
        </section>
      }
      <div class="buttons">
        <button type="button" ctButton="primary" (click)="dialog.close(made)">I have kept the token</button>
      </div>
    } @else {
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
    }
  `,
  styleUrl: './new-agent-dialog.css',
})
export class NewAgentDialog {
  private readonly myAgents = inject(MyAgents);
  private readonly origin = inject(DOCUMENT).location.origin;
  protected readonly dialog = inject<DialogRef<NewAgent, NewAgentDialog>>(DialogRef);

  protected readonly made = signal<NewAgent | null>(null);
  protected readonly commands = computed(() => {
    const made = this.made();
    return made && runCommands(made.agent.name, made.token, this.origin);
  });

  protected readonly draft = form(
    signal<Draft>({ name: '', description: '' }),
    (path) => {
      required(path.name, { message: 'Give the agent a name' });
      matches(path.name, CreateAgent.shape.name);
      matches(path.description, CreateAgent.shape.description);
    },
    { submission: submission((draft: Draft) => this.make(draft), { name_taken: 'name' }) },
  );

  private async make(draft: Draft): Promise<void> {
    const made = await this.myAgents.create(draft);
    // From here on, Escape or a press beside the dialog would lose the token.
    this.dialog.disableClose = true;
    this.made.set(made);
  }
}
