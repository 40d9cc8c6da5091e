import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideFileText } from '../../shared/icon/icons';
import { Avatar } from '../../shared/avatar/avatar';
import { Badge } from '../../shared/badge';
import { RelativeTime } from '../../shared/relative-time';
import { StateMessage } from '../../shared/state/state-message';
import { AgentsNow } from '../state/agents-now';
import { RoomStore } from '../state/room-store';
import { agentWords } from '../work/agent-words';
import { DetailHead } from '../work/detail-head';
import { queryOf } from '../work/work-place';
import { workOf } from './agent-work';
import { WatchedTask } from './watched-task';

/** One agent of the room at its work, live: how it is, what it holds, what it does, and what it has pushed. */
@Component({
  selector: 'ct-agent-watch',
  imports: [Avatar, Badge, DetailHead, LucideFileText, RelativeTime, RouterLink, StateMessage, WatchedTask],
  providers: [AgentsNow],
  template: `
    <ct-detail-head list="members" label="All members" />
    @if (seat(); as seat) {
      <header>
        <div class="who">
          <ct-avatar [name]="seat.name" kind="agent" [ring]="seat.ring" [size]="40" decorative />
          <div>
            <h2 tabindex="-1">{{ seat.name }}</h2>
            <p class="facts">
              <span role="status" class="state">{{ words() }}</span>
              @if (seat.pausedAt) {
                <ct-badge tone="amber">rests</ct-badge>
              }
              · {{ seat.ownerName }}’s agent
            </p>
          </div>
        </div>
        <dl>
          <div>
            <dt>Connection</dt>
            <dd>
              @if (seat.presence !== 'offline') {
                connected
              } @else if (seat.lastSeenAt; as at) {
                not connected, last seen <ct-time [at]="at" ago />
              } @else {
                not connected
              }
            </dd>
          </div>
          <div>
            <dt>Last answered</dt>
            <dd>
              @if (now.byId().get(seat.id)?.lastAcknowledgedAt; as at) {
                <ct-time [at]="at" ago />
              } @else {
                nothing was given to it here yet
              }
            </dd>
          </div>
          @if (seat.userId === store.readerId()) {
            <div>
              <dt>Yours</dt>
              <dd><a [routerLink]="['/agents', seat.id]">Look after it</a></dd>
            </div>
          }
        </dl>
      </header>
      @for (task of work().held; track task.id) {
        <ct-watched-task [task]="task" [agentId]="seat.id" />
      } @empty {
        <p class="note">
          It holds no task.
          @if (waiting().length > 0) {
            What it handed in, or was given and has not taken yet, stands below.
          }
        </p>
      }
      @if (latest(); as task) {
        <ct-watched-task [task]="task" [agentId]="seat.id" />
      }
      @if (waiting().length > 0) {
        <section>
          <h3>Also its own</h3>
          <ul class="waiting">
            @for (one of waiting(); track one.task.id) {
              <li>
                <a [routerLink]="[]" [queryParams]="one.query" queryParamsHandling="merge">{{ one.task.title }}</a>
                <span class="facts">{{ one.words }}</span>
              </li>
            }
          </ul>
        </section>
      }
      @if (files().length > 0) {
        <section>
          <h3>Files it touched in the last hour</h3>
          <ul class="touched">
            @for (file of files(); track file.path) {
              <li>
                <svg lucideFileText [size]="13"></svg><code>{{ file.path }}</code> <ct-time [at]="file.at" />
              </li>
            }
          </ul>
        </section>
      }
    } @else {
      <ct-state kind="empty" heading="This agent has no seat here">It may have been taken out of the room.</ct-state>
    }
  `,
  styleUrl: '../work/detail.css',
  styles: `
    .who {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr);
      gap: var(--space-3);
      align-items: center;
    }

    .state {
      color: var(--ink-soft);
      font-weight: 600;
    }

    .waiting,
    .touched {
      display: grid;
      gap: var(--space-1);
    }

    .waiting li {
      display: flex;
      flex-wrap: wrap;
      gap: 0 var(--space-2);
      align-items: baseline;
      overflow-wrap: anywhere;
    }

    .touched li {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr) auto;
      gap: var(--space-2);
      align-items: center;
      font-size: var(--text-s);
      overflow-wrap: anywhere;
    }

    .touched ct-time {
      color: var(--ink-faint);
      font-size: var(--text-xs);
    }
  `,
})
export class AgentWatch {
  protected readonly store = inject(RoomStore);
  protected readonly now = inject(AgentsNow);

  readonly agentId = input.required<string>();

  protected readonly seat = computed(() => {
    const seat = this.store.seatById().get(this.agentId());
    return seat?.type === 'agent' ? seat : null;
  });
  protected readonly words = computed(() => {
    const seat = this.seat();
    return seat ? agentWords(seat, this.work().held.length > 0) : '';
  });
  protected readonly work = computed(() => workOf(this.agentId(), this.store.state()?.tasks ?? []));
  /** With nothing in hand, what it handed in last is what there is to see. */
  protected readonly latest = computed(() =>
    this.work().held.length > 0
      ? null
      : (this.work().waiting.find(({ submittedSha }) => submittedSha !== null) ?? null),
  );
  protected readonly waiting = computed(() =>
    this.work()
      .waiting.filter(({ id }) => id !== this.latest()?.id)
      .map((task) => ({
        task,
        query: queryOf({ work: 'tasks', task: task.number }),
        words: task.state.replaceAll('_', ' '),
      })),
  );
  protected readonly files = computed(() => this.store.activeFiles().filter(({ by }) => by.id === this.agentId()));
}
