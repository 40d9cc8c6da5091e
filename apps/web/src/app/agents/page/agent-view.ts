import { Component, type OnInit, computed, effect, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { LucideArrowLeft } from '../../shared/icon/icons';
import { PageTitle } from '../../core/page-title';
import { toApiProblem } from '../../core/problem/api-problem';
import { Avatar } from '../../shared/avatar/avatar';
import { Button } from '../../shared/button';
import { Confirm } from '../../shared/confirm/confirm';
import { RelativeTime } from '../../shared/relative-time';
import { Skeleton } from '../../shared/skeleton';
import { StateMessage } from '../../shared/state/state-message';
import { TimeLeft } from '../../shared/time-left';
import { Toasts } from '../../shared/toast/toasts';
import { AgentDescription } from './agent-description';
import { AgentHistoryList } from './agent-history';
import { AgentKeys } from './agent-keys';
import { AgentLimitsSection } from './agent-limits';
import { AgentRooms } from './agent-rooms';
import { AgentStore } from './agent-store';
import { AgentToken } from './agent-token';
import { conditionOf } from './agent-condition';
import { GetGoing } from './get-going';

/** One agent as its owner looks after it: how it is, what it may, what it did, and how to stop it. */
@Component({
  selector: 'ct-agent-view',
  imports: [
    AgentDescription,
    AgentHistoryList,
    AgentKeys,
    AgentLimitsSection,
    AgentRooms,
    AgentToken,
    Avatar,
    Button,
    GetGoing,
    LucideArrowLeft,
    RelativeTime,
    RouterLink,
    Skeleton,
    StateMessage,
    TimeLeft,
  ],
  providers: [AgentStore],
  templateUrl: './agent-view.html',
  styleUrls: ['./section.css', './agent-view.css'],
})
export class AgentView implements OnInit {
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);
  private readonly router = inject(Router);
  protected readonly store = inject(AgentStore);

  readonly agentId = input.required<string>();

  protected readonly condition = computed(() => {
    const overview = this.store.overview();
    return overview && conditionOf(overview);
  });
  protected readonly isRevoking = signal(false);

  constructor() {
    const pageTitle = inject(PageTitle);
    effect(() => {
      const name = this.store.agent()?.name;
      if (name) {
        pageTitle.nameThePlace(name);
      }
    });
  }

  ngOnInit(): void {
    this.store.open(this.agentId());
  }

  protected async revoke(name: string): Promise<void> {
    const isSure = await this.confirm.ask({
      heading: `Revoke ${name}?`,
      text: 'Its token stops working at once, it loses its seats, and what it was doing goes back to its room. What it wrote and pushed stays. A revoked agent does not come back.',
      deed: `Revoke ${name}`,
      isDangerous: true,
      typeToConfirm: name,
    });
    if (!isSure) {
      return;
    }
    this.isRevoking.set(true);
    try {
      await this.store.revoke();
      this.toasts.done(`${name} is revoked.`);
      await this.router.navigate(['/agents']);
    } catch (thrown) {
      this.toasts.failed(`${name} is still active. ${toApiProblem(thrown).detail}`);
    } finally {
      this.isRevoking.set(false);
    }
  }
}
