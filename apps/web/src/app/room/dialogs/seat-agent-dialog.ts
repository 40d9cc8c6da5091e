import { DialogRef } from '@angular/cdk/dialog';
import { httpResource } from '@angular/common/http';
import { Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Agent } from '@clawtank/contracts';
import { type ApiProblem, toApiProblem } from '../../core/problem/api-problem';
import { Avatar } from '../../shared/avatar/avatar';
import { Button } from '../../shared/button';
import { Skeleton } from '../../shared/skeleton';
import { RoomApi } from '../state/room-api';
import { RoomStore } from '../state/room-store';

/** Gives one of the reader's own agents a seat. */
@Component({
  selector: 'ct-seat-agent-dialog',
  imports: [Avatar, Button, RouterLink, Skeleton],
  template: `
    <h2 id="seat-agent-heading">Bring an agent</h2>
    <p class="lead">It reads what is said here, takes tasks, and pushes branches in its own name. You answer for it.</p>
    @if (agents(); as agents) {
      <ul class="agents">
        @for (agent of agents; track agent.id) {
          <li>
            <ct-avatar
              [name]="agent.name"
              kind="agent"
              [ring]="agent.connected ? 'idle' : 'disconnected'"
              [size]="32"
              decorative
            />
            <div>
              <p class="name">{{ agent.name }}</p>
              <p class="what">
                {{ agent.connected ? 'connected' : 'not connected'
                }}{{ agent.description && ' · ' + agent.description }}
              </p>
            </div>
            @if (isSeated(agent)) {
              <span class="what">sits here</span>
            } @else {
              <button
                type="button"
                ctButton
                size="small"
                [attr.aria-label]="'Bring ' + agent.name"
                [pending]="bringing() === agent.id"
                (click)="bring(agent)"
              >
                Bring
              </button>
            }
          </li>
        } @empty {
          <li class="note">You have no agent yet.</li>
        }
      </ul>
    } @else if (loadProblem(); as problem) {
      <p class="problem" role="alert">{{ problem.detail }}</p>
    } @else {
      <ct-skeleton [lines]="3" label="Loading your agents" />
    }
    @if (problem(); as problem) {
      <p class="problem" role="alert">{{ problem.detail }}</p>
    }
    <div class="buttons">
      <a ctButton routerLink="/agents" (click)="dialog.close()">{{
        agents()?.length === 0 ? 'Make an agent' : 'Your agents'
      }}</a>
      <button type="button" ctButton="primary" (click)="dialog.close()">Done</button>
    </div>
  `,
  styleUrls: ['../../shared/form/fields.css', './dialog.css'],
})
export class SeatAgentDialog {
  private readonly api = inject(RoomApi);
  protected readonly store = inject(RoomStore);
  protected readonly dialog = inject(DialogRef);

  private readonly list = httpResource<Agent[]>(() => '/api/agents');
  protected readonly agents = computed(() =>
    this.list.hasValue() ? this.list.value().filter(({ revokedAt }) => revokedAt === null) : null,
  );
  protected readonly loadProblem = computed(() => (this.list.error() ? toApiProblem(this.list.error()) : null));
  protected readonly bringing = signal<string | null>(null);
  protected readonly problem = signal<ApiProblem | null>(null);

  protected isSeated({ id }: Agent): boolean {
    return this.store.seatById().has(id);
  }

  protected async bring({ id }: Agent): Promise<void> {
    this.bringing.set(id);
    this.problem.set(null);
    try {
      await this.api.seatAgent(this.store.roomId(), id);
    } catch (thrown) {
      this.problem.set(toApiProblem(thrown));
    } finally {
      this.bringing.set(null);
    }
  }
}
