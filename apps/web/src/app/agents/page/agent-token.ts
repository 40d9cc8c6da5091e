import { Component, computed, inject, signal } from '@angular/core';
import { toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { Code } from '../../shared/code';
import { Confirm } from '../../shared/confirm/confirm';
import { Toasts } from '../../shared/toast/toasts';
import { AgentStore } from './agent-store';

/** By what the agent comes in: which token it is, and another one if that one is lost or known to somebody else. */
@Component({
  selector: 'ct-agent-token',
  imports: [Button, Code],
  template: `
    <section aria-labelledby="agent-token">
      <h2 id="agent-token">Token</h2>
      @if (shown(); as token) {
        <div class="fresh" role="status">
          <p><strong>Keep the new token now.</strong> It is shown this once. Who has it can act as {{ name() }}.</p>
          <ct-code [text]="token" what="the token" />
          <button type="button" ctButton size="small" (click)="store.putTokenAway()">I have kept the token</button>
        </div>
      }
      <p class="lead">
        The one that works now begins with <code>{{ store.agent()?.tokenPrefix }}</code>. If it is lost, or somebody
        else may know it, replace it: the old one is dead at once, and whoever came in with it is cut off.
      </p>
      <div class="buttons">
        <button type="button" ctButton [pending]="isRenewing()" (click)="renew()">Replace the token</button>
      </div>
    </section>
  `,
  styleUrl: './section.css',
  styles: `
    .fresh {
      display: grid;
      justify-items: start;
      gap: var(--space-3);
      padding: var(--space-4);
      border: 1px solid var(--coral);
      border-radius: var(--radius-m);
      background: var(--coral-tint);
    }

    .fresh ct-code {
      justify-self: stretch;
    }
  `,
})
export class AgentToken {
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);
  protected readonly store = inject(AgentStore);

  protected readonly name = computed(() => this.store.agent()?.name ?? '');
  /** While the agent is being brought to life, its token stands with the commands that need it. */
  protected readonly shown = computed(() => (this.store.isStarting() ? null : this.store.token()));
  protected readonly isRenewing = signal(false);

  protected async renew(): Promise<void> {
    const name = this.name();
    const isSure = await this.confirm.ask({
      heading: `Replace the token of ${name}?`,
      text: `The token it uses now stops working at once. Until it has the new one, ${name} cannot work; what it holds goes back to its room when the lease runs out.`,
      deed: 'Replace the token',
      isDangerous: true,
    });
    if (!isSure) {
      return;
    }
    this.isRenewing.set(true);
    try {
      await this.store.renewToken();
    } catch (thrown) {
      this.toasts.failed(`The token of ${name} was not replaced. ${toApiProblem(thrown).detail}`);
    } finally {
      this.isRenewing.set(false);
    }
  }
}
