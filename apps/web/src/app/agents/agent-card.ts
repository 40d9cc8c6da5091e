import { Component, computed, inject, input, signal } from '@angular/core';
import { MatMenuModule } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import type { Agent, RoomCard } from '@clawtank/contracts';
import { LucideKeyRound, LucidePlus, LucideX } from '../shared/icon/icons';
import { toApiProblem } from '../core/problem/api-problem';
import { Avatar } from '../shared/avatar/avatar';
import { Button } from '../shared/button';
import { RelativeTime } from '../shared/relative-time';
import { Toasts } from '../shared/toast/toasts';
import { MyAgents } from './my-agents';

/** One of the reader's agents: how it is, where it has a seat, and what can be done with it. */
@Component({
  selector: 'ct-agent-card',
  imports: [Avatar, Button, LucideKeyRound, LucidePlus, LucideX, MatMenuModule, RelativeTime, RouterLink],
  template: `
    <article [attr.aria-labelledby]="'agent-' + agent().id">
      <ct-avatar [name]="agent().name" kind="agent" [ring]="agent().connected ? 'idle' : 'disconnected'" [size]="48" />
      <div class="what">
        <h2 [id]="'agent-' + agent().id">
          <a class="name" [routerLink]="['/agents', agent().id]">{{ agent().name }}</a>
          <span class="state" [class.connected]="agent().connected">{{
            agent().connected ? 'connected' : 'not connected'
          }}</span>
        </h2>
        @if (agent().description) {
          <p class="purpose">{{ agent().description }}</p>
        }
        <ul class="facts">
          <li>
            @if (agent().lastSeenAt; as at) {
              seen <ct-time [at]="at" ago />
            } @else {
              never connected yet
            }
          </li>
          <li>
            <svg lucideKeyRound [size]="14"></svg><span class="visually-hidden">Token </span
            ><span class="mono">{{ agent().tokenPrefix }}…</span>
          </li>
          <li>made <ct-time [at]="agent().createdAt" ago /></li>
        </ul>
        <ul class="seats" [attr.aria-label]="'Seats of ' + agent().name">
          @for (room of agent().rooms; track room.id) {
            <li class="seat">
              <a [routerLink]="['/rooms', room.id]">{{ room.name }}</a>
              <button
                type="button"
                [attr.aria-label]="'Take ' + agent().name + ' out of ' + room.name"
                [title]="'Take out of ' + room.name"
                (click)="unseat(room)"
              >
                <svg lucideX [size]="14"></svg>
              </button>
            </li>
          } @empty {
            <li class="faint">No seat in any room yet.</li>
          }
          <li>
            <button
              type="button"
              ctButton="quiet"
              size="small"
              [pending]="isSeating()"
              [matMenuTriggerFor]="choice"
              [attr.aria-label]="'Give ' + agent().name + ' a seat in a room'"
            >
              <svg lucidePlus [size]="15"></svg>Seat in a room
            </button>
            <mat-menu #choice="matMenu">
              @for (room of free(); track room.id) {
                <button type="button" mat-menu-item (click)="seat(room)">{{ room.name }}</button>
              } @empty {
                @if (rooms().length === 0) {
                  <a mat-menu-item routerLink="/rooms/new">Make a room first</a>
                } @else {
                  <button type="button" mat-menu-item disabled>It has a seat in each of your rooms</button>
                }
              }
            </mat-menu>
          </li>
        </ul>
      </div>
      <a class="after" ctButton="quiet" size="small" [routerLink]="['/agents', agent().id]"
        >Look after it<span class="visually-hidden">: {{ agent().name }}</span></a
      >
    </article>
  `,
  styleUrl: './agent-card.css',
})
export class AgentCard {
  private readonly myAgents = inject(MyAgents);
  private readonly toasts = inject(Toasts);

  readonly agent = input.required<Agent>();
  /** The reader's rooms. */
  readonly rooms = input.required<readonly RoomCard[]>();

  protected readonly isSeating = signal(false);
  protected readonly free = computed(() => {
    const taken = new Set(this.agent().rooms.map(({ id }) => id));
    return this.rooms().filter(({ id }) => !taken.has(id));
  });

  protected async seat(room: RoomCard): Promise<void> {
    const { id, name } = this.agent();
    this.isSeating.set(true);
    try {
      await this.myAgents.seat(id, room.id);
      this.toasts.done(`${name} has a seat in ${room.name}. Mention it there: @${name}`);
    } catch (thrown) {
      this.toasts.failed(`${name} got no seat in ${room.name}. ${toApiProblem(thrown).detail}`);
    } finally {
      this.isSeating.set(false);
    }
  }

  protected async unseat(room: Agent['rooms'][number]): Promise<void> {
    const { id, name } = this.agent();
    try {
      await this.myAgents.unseat(id, room.id);
      this.toasts.done(`${name} is out of ${room.name}.`, {
        label: 'Undo',
        run: () => void this.myAgents.seat(id, room.id).catch(() => this.toasts.failed(`${name} stays out.`)),
      });
    } catch (thrown) {
      this.toasts.failed(`${name} keeps its seat in ${room.name}. ${toApiProblem(thrown).detail}`);
    }
  }
}
