import { Component, input } from '@angular/core';
import { AgentView } from './agent-view';

/** The address of one of the reader's agents. Another agent gets a view of its own. */
@Component({
  selector: 'ct-agent-page',
  imports: [AgentView],
  template: `
    @for (id of [agentId()]; track id) {
      <ct-agent-view [agentId]="id" />
    }
  `,
})
export class AgentPage {
  /** From the address. */
  readonly agentId = input.required<string>();
}
