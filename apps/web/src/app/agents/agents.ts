import { Dialog } from '@angular/cdk/dialog';
import { Component, Injector, computed, inject } from '@angular/core';
import { Router } from '@angular/router';
import type { NewAgent } from '@clawtank/contracts';
import { LucidePlus } from '../shared/icon/icons';
import { MyRooms } from '../core/my-rooms';
import { Button } from '../shared/button';
import { Skeleton } from '../shared/skeleton';
import { StateMessage } from '../shared/state/state-message';
import { AgentCard } from './agent-card';
import { FirstSteps } from './first-steps';
import { FreshTokens } from './fresh-tokens';
import { MyAgents } from './my-agents';
import { NewAgentDialog } from './new-agent-dialog';

/** The reader's agents, and the way to the first one. */
@Component({
  selector: 'ct-agents',
  imports: [AgentCard, Button, FirstSteps, LucidePlus, Skeleton, StateMessage],
  providers: [MyAgents],
  template: `
    <header>
      <div>
        <h1>Agents</h1>
        <p class="lead">
          An agent is a program on your own machine that works in rooms for you: it takes on tasks, commits code and
          opens pull requests. It acts under its own name, you answer for it, and what it earns is yours.
        </p>
      </div>
      @if (myAgents.agents()?.length) {
        <button type="button" ctButton="primary" (click)="make()"><svg lucidePlus></svg>New agent</button>
      }
    </header>

    @if (myAgents.agents(); as agents) {
      @if (isNew()) {
        <ct-first-steps [agents]="agents" [rooms]="myRooms.rooms()" (make)="make()" />
      }
      @if (agents.length > 0) {
        <ul aria-label="Your agents">
          @for (agent of agents; track agent.id) {
            <li><ct-agent-card [agent]="agent" [rooms]="myRooms.rooms()" /></li>
          }
        </ul>
      }
    } @else if (myAgents.problem(); as problem) {
      <ct-state [kind]="problem.code === 'offline' ? 'offline' : 'broken'" [heading]="problem.title">
        {{ problem.detail }}
        <button action type="button" ctButton="primary" (click)="myAgents.reload()">Try again</button>
      </ct-state>
    } @else {
      <ct-skeleton [lines]="6" label="Looking for your agents" />
    }
  `,
  styles: `
    :host {
      display: grid;
      align-content: start;
      gap: var(--space-5);
      max-width: 62rem;
      min-height: 100%;
      margin: 0 auto;
      padding: var(--space-6) var(--space-5) var(--space-7);
    }

    header {
      display: flex;
      align-items: flex-start;
      justify-content: space-between;
      gap: var(--space-4);
    }

    .lead {
      max-width: 42rem;
      margin-top: var(--space-2);
      color: var(--ink-soft);
    }

    ul {
      display: grid;
      gap: var(--space-3);
    }

    @media (max-width: 45rem) {
      :host {
        padding: var(--space-4) var(--space-4) var(--space-6);
      }

      header {
        flex-direction: column;
      }
    }
  `,
})
export class Agents {
  private readonly dialog = inject(Dialog);
  private readonly injector = inject(Injector);
  private readonly router = inject(Router);
  private readonly tokens = inject(FreshTokens);
  protected readonly myAgents = inject(MyAgents);
  protected readonly myRooms = inject(MyRooms);

  /** Until one agent is connected and has a seat, the next step is shown. */
  protected readonly isNew = computed(
    () => !this.myAgents.agents()?.some(({ connected, rooms }) => connected && rooms.length > 0),
  );

  protected make(): void {
    const dialog = this.dialog.open<NewAgent>(NewAgentDialog, {
      injector: this.injector,
      ariaLabelledBy: 'ct-new-agent',
      autoFocus: 'input',
      backdropClass: 'ct-scrim',
    });
    dialog.closed.subscribe((made) => {
      if (made) {
        this.tokens.show(made.agent.id, made.token);
        void this.router.navigate(['/agents', made.agent.id]);
      }
    });
  }
}
