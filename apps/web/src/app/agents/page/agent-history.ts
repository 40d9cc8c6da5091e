import { HttpClient } from '@angular/common/http';
import { Component, computed, effect, inject, signal, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { AgentDeed, AgentHistory } from '@clawtank/contracts';
import {
  LucideCircleAlert,
  LucideCircleCheck,
  LucideGitMerge,
  LucideHand,
  LucideMessageSquare,
  LucidePlay,
  LucideReply,
  LucideSendHorizontal,
} from '../../shared/icon/icons';
import { firstValueFrom } from 'rxjs';
import { toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { More } from '../../shared/more';
import { RelativeTime } from '../../shared/relative-time';
import { Skeleton } from '../../shared/skeleton';
import { AgentStore } from './agent-store';
import { deedWords, withoutRepeats } from './deed-words';

/** What an agent did, newest first, each with the way to where it stands. */
@Component({
  selector: 'ct-agent-history-list',
  imports: [
    Button,
    LucideCircleAlert,
    LucideCircleCheck,
    LucideGitMerge,
    LucideHand,
    LucideMessageSquare,
    LucidePlay,
    LucideReply,
    LucideSendHorizontal,
    More,
    RelativeTime,
    RouterLink,
    Skeleton,
  ],
  template: `
    <section aria-labelledby="agent-history">
      <h2 id="agent-history">What it did</h2>
      @if (deeds(); as deeds) {
        <ol>
          @for (deed of told(); track deed.id) {
            <li>
              <span class="sign" [class]="deed.type.replace('.', '-')">
                @switch (deed.type) {
                  @case ('agent.claimed_task') {
                    <svg lucidePlay [size]="15"></svg>
                  }
                  @case ('task.submitted') {
                    <svg lucideSendHorizontal [size]="15"></svg>
                  }
                  @case ('task.completed') {
                    <svg lucideGitMerge [size]="15"></svg>
                  }
                  @case ('task.reviewed') {
                    <svg lucideMessageSquare [size]="15"></svg>
                  }
                  @case ('task.failed') {
                    <svg lucideCircleAlert [size]="15"></svg>
                  }
                  @case ('approval.requested') {
                    <svg lucideHand [size]="15"></svg>
                  }
                  @case ('approval.decided') {
                    <svg lucideCircleCheck [size]="15"></svg>
                  }
                  @default {
                    <svg lucideReply [size]="15"></svg>
                  }
                }
              </span>
              <div>
                <p>
                  @if (deed.by.type === 'agent' || deed.by.type === 'human') {
                    <strong [class.agent]="deed.by.type === 'agent'">{{ deed.by.name }}</strong>
                  }
                  {{ words(deed) }}
                  <a [routerLink]="['/rooms', deed.room.id]" [queryParams]="{ task: deed.task.number }">{{
                    deed.task.title
                  }}</a>
                </p>
                @if (deed.note) {
                  <p class="said">{{ deed.note }}</p>
                }
                <p class="faint">
                  in <a [routerLink]="['/rooms', deed.room.id]">{{ deed.room.name }}</a>,
                  <a [routerLink]="['/rooms', deed.room.id]" [queryParams]="{ work: 'activity', at: deed.seq }"
                    ><ct-time [at]="deed.at" ago
                  /></a>
                </p>
              </div>
            </li>
          }
        </ol>
        @if (cursor() !== null) {
          <ct-more
            label="Earlier"
            [isLoading]="isReading()"
            [problem]="problem()"
            [page]="deeds.length"
            (more)="more()"
          />
        } @else if (deeds.length === 0) {
          <p class="faint">Nothing yet. What it claims, hands in, fails or asks for will stand here.</p>
        }
      } @else if (problem()) {
        <p class="problem">
          {{ problem() }} <button type="button" ctButton size="small" (click)="renew()">Try again</button>
        </p>
      } @else {
        <ct-skeleton [lines]="4" label="Loading what it did" />
      }
    </section>
  `,
  styleUrl: './section.css',
  styles: `
    ol {
      display: grid;
      gap: var(--space-3);
    }

    li {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr);
      gap: var(--space-3);
    }

    li p {
      overflow-wrap: anywhere;
    }

    .sign {
      margin-top: 0.15rem;
      color: var(--ink-faint);
    }

    .task-completed {
      color: var(--violet);
    }

    .task-failed {
      color: var(--danger);
    }

    .agent {
      color: var(--teal);
    }

    .said {
      color: var(--ink-soft);
      font-size: var(--text-s);
    }

    .faint a {
      color: inherit;
    }
  `,
})
export class AgentHistoryList {
  private readonly http = inject(HttpClient);
  private readonly store = inject(AgentStore);
  private turn = 0;

  protected readonly deeds = signal<readonly AgentDeed[] | null>(null);
  protected readonly cursor = signal<string | null>(null);
  protected readonly isReading = signal(false);
  protected readonly problem = signal('');
  /** Once a pull request is opened for what was handed in, the log says so again. */
  protected readonly told = computed(() => withoutRepeats(this.deeds() ?? []));
  protected readonly words = deedWords;

  /** Changes when the agent has done something. */
  private readonly news = computed(() => {
    const overview = this.store.overview();
    return overview && JSON.stringify([overview.held, overview.lastAcknowledgedAt, overview.rooms.map(tally)]);
  });

  constructor() {
    effect(() => {
      if (this.news() !== null) {
        untracked(() => void this.renew());
      }
    });
  }

  /** Reads the newest, and keeps what was read of the rest. */
  protected async renew(): Promise<void> {
    const page = await this.read();
    if (page) {
      const known = this.deeds() ?? [];
      const newest = page.deeds.at(-1);
      const at = newest ? known.findIndex(({ id }) => id === newest.id) : -1;
      const isOneStretch = at >= 0 && known.length > at + 1;
      this.deeds.set(isOneStretch ? [...page.deeds, ...known.slice(at + 1)] : page.deeds);
      this.cursor.update((cursor) => (isOneStretch ? cursor : page.nextCursor));
    }
  }

  protected async more(): Promise<void> {
    const page = await this.read(this.cursor());
    if (page) {
      this.deeds.update((deeds) => [...(deeds ?? []), ...page.deeds]);
      this.cursor.set(page.nextCursor);
    }
  }

  /** Null if it could not be read, or something else was asked for meanwhile. */
  private async read(cursor: string | null = null): Promise<AgentHistory | null> {
    const turn = ++this.turn;
    this.isReading.set(true);
    try {
      const params: Record<string, string> = cursor === null ? {} : { cursor };
      const page = await firstValueFrom(this.http.get<AgentHistory>(this.store.address('history'), { params }));
      this.problem.set('');
      return turn === this.turn ? page : null;
    } catch (thrown) {
      this.problem.set(toApiProblem(thrown).detail);
      return null;
    } finally {
      this.isReading.set(false);
    }
  }
}

const tally = ({ tasksDone, tasksFailed }: { tasksDone: number; tasksFailed: number }) => [tasksDone, tasksFailed];
