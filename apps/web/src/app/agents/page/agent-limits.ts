import { HttpClient } from '@angular/common/http';
import { Component, DestroyRef, computed, effect, inject, signal, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { AgentLimits, AgentLimitsOverview } from '@clawtank/contracts';
import { firstValueFrom } from 'rxjs';
import { Badge } from '../../shared/badge';
import { Button } from '../../shared/button';
import { LimitMeters } from '../../shared/limits/limit-meters';
import { LimitsForm } from '../../shared/limits/limits-form';
import { loaded } from '../../shared/loaded';
import { Skeleton } from '../../shared/skeleton';
import { AgentStore } from './agent-store';

const LOOK_AGAIN = 15_000;
/** Names the form of what holds in all rooms. */
const EVERYWHERE = 'everywhere';

/** What an agent is held to: by its owner everywhere or room by room, and by the rooms; and how much of it is used. */
@Component({
  selector: 'ct-agent-limits',
  imports: [Badge, Button, LimitMeters, LimitsForm, RouterLink, Skeleton],
  template: `
    <section aria-labelledby="agent-limits">
      <h2 id="agent-limits">Limits</h2>
      <p class="lead">What it may do, and how much of it. In each room the stricter of yours and the room’s holds.</p>
      @if (overview.value(); as overview) {
        <div class="part">
          <div class="head">
            <h3>Your limits for all rooms</h3>
            @if (!overview.defaults) {
              <span class="faint">none set</span>
            }
            <button
              type="button"
              ctButton
              size="small"
              [attr.aria-expanded]="editing() === everywhere"
              (click)="edit(everywhere)"
            >
              {{ overview.defaults ? 'Change' : 'Set' }}<span class="visually-hidden"> limits for all rooms</span>
            </button>
          </div>
          @if (editing() === everywhere) {
            <ct-limits-form [limits]="overview.defaults" [save]="saver(null)" (closed)="edit(null)" />
          }
        </div>
        @for (room of overview.rooms; track room.roomId) {
          <div class="part">
            <div class="head">
              <h3>
                <a [routerLink]="['/rooms', room.roomId]">{{ room.roomName }}</a>
              </h3>
              @if (room.byOwner) {
                <ct-badge tone="teal">yours for this room</ct-badge>
              }
              @if (room.byRoom) {
                <ct-badge tone="amber">set by the room</ct-badge>
              }
              <button
                type="button"
                ctButton
                size="small"
                [attr.aria-expanded]="editing() === room.roomId"
                (click)="edit(room.roomId)"
              >
                {{ room.byOwner ? 'Change' : 'Set'
                }}<span class="visually-hidden"> limits for {{ room.roomName }}</span>
              </button>
            </div>
            <ct-limit-meters [limits]="room" />
            @if (editing() === room.roomId) {
              <ct-limits-form [limits]="room.byOwner" [save]="saver(room.roomId)" (closed)="edit(null)" />
            }
          </div>
        }
      } @else if (overview.problem(); as problem) {
        <p class="problem">
          {{ problem.detail }} <button type="button" ctButton size="small" (click)="overview.load()">Try again</button>
        </p>
      } @else {
        <ct-skeleton [lines]="3" label="Loading the limits" />
      }
    </section>
  `,
  styleUrl: './section.css',
  styles: `
    .part {
      display: grid;
      gap: var(--space-3);
    }

    .part + .part {
      padding-top: var(--space-3);
      border-top: 1px solid var(--line);
    }

    .head {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--space-1) var(--space-3);
    }

    .head button {
      margin-left: auto;
    }

    h3 {
      min-width: 0;
      font-size: var(--text-m);
      overflow-wrap: anywhere;
    }
  `,
})
export class AgentLimitsSection {
  private readonly http = inject(HttpClient);
  private readonly store = inject(AgentStore);

  protected readonly everywhere = EVERYWHERE;
  /** Which form is open. */
  protected readonly editing = signal<string | null>(null);
  protected readonly overview = loaded(() =>
    firstValueFrom(this.http.get<AgentLimitsOverview>(this.store.address('limits'))),
  );

  private readonly seats = computed(() =>
    this.store
      .rooms()
      .map(({ id }) => id)
      .join(),
  );

  constructor() {
    let isFirst = true;
    effect(() => {
      this.seats();
      if (!isFirst) {
        untracked(() => void this.overview.load());
      }
      isFirst = false;
    });
    const timer = setInterval(() => void this.overview.load(), LOOK_AGAIN);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  protected edit(which: string | null): void {
    this.editing.update((open) => (open === which ? null : which));
  }

  protected saver(roomId: string | null): (limits: AgentLimits | null) => Promise<void> {
    return async (limits) => {
      const answer = this.http.put<AgentLimitsOverview>(this.store.address('limits'), { roomId, limits });
      this.overview.take(await firstValueFrom(answer));
    };
  }
}
