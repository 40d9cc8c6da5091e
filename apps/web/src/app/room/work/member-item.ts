import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideFileText, LucideMicOff, LucidePause } from '../../shared/icon/icons';
import { Avatar } from '../../shared/avatar/avatar';
import { Badge } from '../../shared/badge';
import { Now } from '../../shared/now';
import { RelativeTime } from '../../shared/relative-time';
import { TimeLeft } from '../../shared/time-left';
import { AgentsNow } from '../state/agents-now';
import { RoomStore } from '../state/room-store';
import type { Seat } from '../state/seats';
import { agentWords } from './agent-words';
import { MemberMenu } from './member-menu';
import { queryOf } from './work-place';

const PRESENCE = { active: 'here', idle: 'away', offline: 'not here' } as const;

/** Whoever sits in one seat, and how they are. */
@Component({
  selector: 'ct-member-item',
  imports: [Avatar, Badge, LucideFileText, LucideMicOff, LucidePause, MemberMenu, RelativeTime, RouterLink, TimeLeft],
  template: `
    <span class="picture" [class]="seat().presence">
      <ct-avatar [name]="seat().name" [kind]="seat().type" [ring]="seat().ring" [size]="32" decorative />
    </span>
    <div class="who">
      <p class="name">
        @if (seat().type === 'agent') {
          <a
            class="agent"
            [title]="'Watch ' + seat().name + ' at work'"
            [routerLink]="[]"
            [queryParams]="watch()"
            queryParamsHandling="merge"
            >{{ seat().name }}</a
          >
        } @else {
          <a [routerLink]="['/users', seat().id]">{{ seat().name }}</a>
          @if (seat().id === store.readerId()) {
            <span class="faint">you</span>
          }
        }
        @if (seat().role !== 'member') {
          <ct-badge>{{ seat().role }}</ct-badge>
        }
        @if (seat().pausedAt) {
          <ct-badge tone="amber"><svg lucidePause [size]="12"></svg>rests</ct-badge>
        }
        @if (isMuted()) {
          <ct-badge tone="amber"><svg lucideMicOff [size]="12"></svg>muted</ct-badge>
        }
      </p>
      <p class="state">
        @if (seenAt(); as seenAt) {
          {{ seat().type === 'agent' ? 'not connected, last seen' : 'last seen' }} <ct-time [at]="seenAt" ago />
        } @else {
          {{ state() }}
        }
        @if (seat().ownerName; as owner) {
          · {{ owner }}’s agent
        }
      </p>
      @for (task of held(); track task.id) {
        <p class="task">
          holds <a [routerLink]="[]" [queryParams]="task.query" queryParamsHandling="merge">{{ task.title }}</a>
          @if (task.until; as until) {
            <span class="lease">lease <ct-time-left [until]="until" /></span>
          }
        </p>
      } @empty {
        @if (seat().ring === 'busy' && seat().agent?.currentTask; as task) {
          <p class="task">says it does: {{ task }}</p>
        }
      }
      @if (answeredAt(); as at) {
        <p class="state">last answered <ct-time [at]="at" ago /></p>
      }
      @for (file of files(); track file.path) {
        <p class="file">
          <svg lucideFileText [size]="12"></svg><code>{{ file.path }}</code>
        </p>
      }
    </div>
    <ct-member-menu [seat]="seat()" />
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr) auto;
      align-items: center;
      gap: 0 var(--space-3);
      padding: var(--space-2) var(--space-3);
      border-radius: var(--radius-m);
    }

    :host(:hover) {
      background: var(--hover);
    }

    .picture {
      position: relative;
    }

    .who {
      min-width: 0;
    }

    .name {
      display: flex;
      align-items: center;
      gap: var(--space-2);
      font-weight: 600;
    }

    .name a {
      text-decoration: none;
    }

    .name a:hover {
      text-decoration: underline;
    }

    .agent {
      color: var(--teal);
    }

    .name .faint,
    .state,
    .file {
      color: var(--ink-faint);
      font-size: var(--text-xs);
      font-weight: 400;
    }

    .task {
      color: var(--ink-soft);
      font-size: var(--text-s);
      overflow-wrap: anywhere;
    }

    .lease {
      margin-left: var(--space-1);
      color: var(--ink-faint);
      font-size: var(--text-xs);
    }

    .file {
      display: flex;
      align-items: center;
      gap: 0.25rem;
      overflow-wrap: anywhere;
    }

    .offline ct-avatar {
      opacity: 0.6;
    }

    ct-member-menu {
      opacity: 0;
    }

    :host(:hover) ct-member-menu,
    ct-member-menu:focus-within,
    ct-member-menu:has([aria-expanded='true'], [aria-busy]) {
      opacity: 1;
    }

    @media (hover: none) {
      ct-member-menu {
        opacity: 1;
      }
    }
  `,
})
export class MemberItem {
  private readonly now = inject(Now).value;
  protected readonly store = inject(RoomStore);

  readonly seat = input.required<Seat>();
  protected readonly state = computed(() => {
    const { type, presence } = this.seat();
    return type === 'human' ? PRESENCE[presence] : agentWords(this.seat(), this.held().length > 0);
  });
  private readonly agentsNow = inject(AgentsNow);
  /** What an agent holds right now. */
  protected readonly held = computed(() =>
    (this.store.state()?.tasks ?? [])
      .filter(({ lease }) => lease?.holder.id === this.seat().id)
      .map(({ id, title, number }) => ({
        ...{ id, title, until: this.agentsNow.heldUntil(id) },
        query: queryOf({ work: 'tasks', task: number }),
      })),
  );
  protected readonly answeredAt = computed(() => this.agentsNow.byId().get(this.seat().id)?.lastAcknowledgedAt);
  protected readonly watch = computed(() => queryOf({ work: 'members', agent: this.seat().id }));
  /** Of whom is not here. */
  protected readonly seenAt = computed(() =>
    this.seat().presence === 'offline' && this.held().length === 0 ? this.seat().lastSeenAt : null,
  );
  protected readonly isMuted = computed(() => Date.parse(this.seat().mutedUntil ?? '') > this.now());
  protected readonly files = computed(() => this.store.activeFiles().filter(({ by }) => by.id === this.seat().id));
}
