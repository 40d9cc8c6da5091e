import { Component, computed, inject, signal } from '@angular/core';
import { MatMenuModule } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import type { AgentInRoom } from '@clawtank/contracts';
import { LucidePlus } from '../../shared/icon/icons';
import { MyRooms } from '../../core/my-rooms';
import { toApiProblem } from '../../core/problem/api-problem';
import { Badge } from '../../shared/badge';
import { Button } from '../../shared/button';
import { Toasts } from '../../shared/toast/toasts';
import { AgentStore } from './agent-store';

/** Where an agent sits, what it costs each room in messages and did for it, and how to have it rest or take it out. */
@Component({
  selector: 'ct-agent-rooms',
  imports: [Badge, Button, LucidePlus, MatMenuModule, RouterLink],
  template: `
    <section aria-labelledby="agent-rooms">
      <h2 id="agent-rooms">Rooms</h2>
      <ul aria-label="Rooms">
        @for (room of store.rooms(); track room.id) {
          <li>
            <div class="head">
              <h3>
                <a [routerLink]="['/rooms', room.id]">{{ room.name }}</a>
              </h3>
              @if (room.archivedAt) {
                <ct-badge>archived</ct-badge>
              } @else if (room.pausedAt) {
                <ct-badge tone="amber">rests here</ct-badge>
              } @else if (room.agentsPaused) {
                <ct-badge tone="amber">all agents rest here</ct-badge>
              }
              <div class="buttons">
                @if (!room.archivedAt) {
                  <button type="button" ctButton size="small" [pending]="busy() === room.id" (click)="toggle(room)">
                    {{ room.pausedAt ? 'Let it go on' : 'Have it rest'
                    }}<span class="visually-hidden"> in {{ room.name }}</span>
                  </button>
                }
                <button type="button" ctButton="quiet" size="small" (click)="unseat(room)">
                  Take out<span class="visually-hidden"> of {{ room.name }}</span>
                </button>
              </div>
            </div>
            <dl>
              <div>
                <dt>Messages, last day</dt>
                <dd>
                  <b class="tabular">{{ room.messagesOfDay.own }}</b> of {{ room.messagesOfDay.all }}
                </dd>
              </div>
              <div>
                <dt>Messages, last week</dt>
                <dd>
                  <b class="tabular">{{ room.messagesOfWeek.own }}</b> of {{ room.messagesOfWeek.all }}
                  @if (shareOf(room); as share) {
                    <span class="share" aria-hidden="true"><span [style.inline-size.%]="share"></span></span>
                  }
                </dd>
              </div>
              <div>
                <dt>Tasks done</dt>
                <dd>
                  <b class="tabular">{{ room.tasksDone }}</b>{{
                    room.tasksFailed ? ', ' + room.tasksFailed + ' failed' : ''
                  }}
                </dd>
              </div>
            </dl>
          </li>
        } @empty {
          <li class="faint">It has no seat yet. It sees and does only what happens in rooms where it has one.</li>
        }
      </ul>
      <div>
        <button type="button" ctButton size="small" [pending]="isSeating()" [matMenuTriggerFor]="choice">
          <svg lucidePlus [size]="15"></svg>Seat it in a room
        </button>
        <mat-menu #choice="matMenu">
          @for (room of free(); track room.id) {
            <button type="button" mat-menu-item (click)="seat(room.id, room.name)">{{ room.name }}</button>
          } @empty {
            <a mat-menu-item routerLink="/rooms/new">Make a room</a>
          }
        </mat-menu>
      </div>
    </section>
  `,
  styleUrl: './section.css',
  styles: `
    li {
      display: grid;
      gap: var(--space-2);
      padding: var(--space-3) 0;
    }

    li:first-child {
      padding-top: 0;
    }

    li + li {
      border-top: 1px solid var(--line);
    }

    .head {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--space-1) var(--space-3);
    }

    h3 {
      min-width: 0;
      font-size: var(--text-m);
      overflow-wrap: anywhere;
    }

    .buttons {
      margin-left: auto;
    }

    dl {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
      gap: var(--space-3);
    }

    dt {
      color: var(--ink-faint);
      font-size: var(--text-xs);
    }

    dd {
      color: var(--ink-soft);
    }

    b {
      color: var(--ink);
      font-size: var(--text-l);
    }

    .share {
      display: block;
      height: 0.25rem;
      max-width: 8rem;
      border-radius: var(--radius-pill);
      background: var(--hover);
      overflow: hidden;
    }

    .share span {
      display: block;
      height: 100%;
      background: var(--teal);
    }
  `,
})
export class AgentRooms {
  private readonly myRooms = inject(MyRooms);
  private readonly toasts = inject(Toasts);
  protected readonly store = inject(AgentStore);

  /** The room something is being done about. */
  protected readonly busy = signal<string | null>(null);
  protected readonly isSeating = signal(false);
  protected readonly free = computed(() => {
    const taken = new Set(this.store.rooms().map(({ id }) => id));
    return this.myRooms.rooms().filter(({ id, archivedAt }) => !taken.has(id) && !archivedAt);
  });

  /** How much of what was said in the week is the agent's, in percent. */
  protected shareOf({ messagesOfWeek: { own, all } }: AgentInRoom): number {
    return all === 0 ? 0 : Math.round((own / all) * 100);
  }

  protected async toggle({ id, name, pausedAt }: AgentInRoom): Promise<void> {
    this.busy.set(id);
    try {
      await (pausedAt ? this.store.resume(id) : this.store.pause(id));
      this.toasts.done(pausedAt ? `It goes on in ${name}.` : `It rests in ${name}. What it held waits.`);
    } catch (thrown) {
      this.toasts.failed(`Nothing was changed in ${name}. ${toApiProblem(thrown).detail}`);
    } finally {
      this.busy.set(null);
    }
  }

  protected async seat(roomId: string, name: string): Promise<void> {
    this.isSeating.set(true);
    try {
      await this.store.seat(roomId);
      this.toasts.done(`It has a seat in ${name}. Mention it there: @${this.store.agent()?.name}`);
    } catch (thrown) {
      this.toasts.failed(`It got no seat in ${name}. ${toApiProblem(thrown).detail}`);
    } finally {
      this.isSeating.set(false);
    }
  }

  protected async unseat({ id, name }: AgentInRoom): Promise<void> {
    try {
      await this.store.unseat(id);
      this.toasts.done(`It is out of ${name}. What it held is open again.`, {
        label: 'Undo',
        run: () => void this.seat(id, name),
      });
    } catch (thrown) {
      this.toasts.failed(`It keeps its seat in ${name}. ${toApiProblem(thrown).detail}`);
    }
  }
}
