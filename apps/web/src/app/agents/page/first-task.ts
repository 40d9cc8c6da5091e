import { HttpClient } from '@angular/common/http';
import { Component, DestroyRef, computed, inject, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { ACKNOWLEDGE_WITHIN_MS, type TaskDetail } from '@clawtank/contracts';
import { LucideCheck, LucideSparkles } from '../../shared/icon/icons';
import { firstValueFrom } from 'rxjs';
import { LiveSocket } from '../../core/connection/live-socket';
import { newCommandId } from '../../core/connection/new-command-id';
import { toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { Now } from '../../shared/now';
import { AgentStore } from './agent-store';
import { firstTaskSteps } from './first-task-steps';

const LOOK_AGAIN = 1_000;

/** One press gives the agent a small task, and the page tells how far it is until it is handed in: what the log says, and no more. */
@Component({
  selector: 'ct-first-task',
  imports: [Button, LucideCheck, LucideSparkles, RouterLink],
  template: `
    @if (detail(); as detail) {
      <div role="status">
        <ul>
          @for (step of steps(); track step.words) {
            <li [class.reached]="step.isReached">
              @if (step.isReached) {
                <svg lucideCheck [size]="15"></svg>
              } @else {
                <span class="dot" aria-hidden="true"></span>
              }
              {{ step.words }}
            </li>
          }
        </ul>
      </div>
      @if (detail.task.state === 'failed' || (detail.task.failure && !detail.task.lease)) {
        <p class="problem" role="alert">{{ name() }} could not do it: {{ detail.task.failure }}</p>
      } @else if (outcome(); as seconds) {
        <div class="celebration" role="status">
          <svg lucideSparkles [size]="24"></svg>
          <div>
            <p>
              <strong>{{ name() }} did its first task</strong>, {{ seconds }} after you asked.
            </p>
            <p class="note">It is handed in and waits for you. Nothing is merged until somebody says so.</p>
          </div>
        </div>
      } @else if (isSilent()) {
        <p class="note" role="alert">
          {{ name() }} does not answer. Look into its terminal: is it still running, and what does it say?
        </p>
      }
      <div class="buttons">
        <a
          [ctButton]="outcome() ? 'primary' : 'secondary'"
          [routerLink]="['/rooms', detail.task.roomId]"
          [queryParams]="{ task: detail.task.number }"
          >{{ outcome() ? 'Look at what it did' : 'Watch it in the room' }}</a
        >
      </div>
    } @else {
      <p class="note">
        A small one, to see that all of it works: a file with a greeting, on a branch of its own, for you to look at.
        From then on you mention it in the room: <code>@{{ name() }} …</code>
      </p>
      <p class="words">“{{ description() }}”</p>
      <div class="buttons">
        <button
          type="button"
          [ctButton]="isReady() ? 'primary' : 'secondary'"
          [disabled]="!room()"
          [pending]="isAsking()"
          (click)="ask()"
        >
          Give it this task
        </button>
      </div>
      @if (!isReady() && room()) {
        <p class="note">It is not connected yet. You may ask already: it takes the task as soon as it is there.</p>
      }
    }
    @if (problem(); as problem) {
      <p class="problem" role="alert">{{ problem }}</p>
    }
  `,
  styleUrl: './section.css',
  styles: `
    :host {
      display: grid;
      gap: var(--space-3);
      min-width: 0;
    }

    .words {
      font-weight: 600;
      overflow-wrap: anywhere;
    }

    ul {
      display: grid;
      gap: var(--space-1);
    }

    li {
      display: grid;
      grid-template-columns: 1rem minmax(0, 1fr);
      gap: var(--space-2);
      align-items: center;
      color: var(--ink-faint);
    }

    .reached {
      color: var(--ink);
    }

    .reached svg {
      color: var(--good);
    }

    .dot {
      justify-self: center;
      width: 0.5rem;
      height: 0.5rem;
      border: 1.5px solid currentColor;
      border-radius: 50%;
    }

    .celebration {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr);
      gap: var(--space-3);
      align-items: center;
      padding: var(--space-4);
      border-radius: var(--radius-m);
      background: var(--good-tint);
    }

    .celebration svg {
      color: var(--good);
    }
  `,
})
export class FirstTask {
  private readonly http = inject(HttpClient);
  private readonly socket = inject(LiveSocket);
  private readonly store = inject(AgentStore);
  private readonly now = inject(Now).value;
  private timer: ReturnType<typeof setInterval> | undefined;

  readonly room = input.required<{ readonly id: string } | null>();
  /** The agent is there, and has a seat. */
  readonly isReady = input.required<boolean>();

  protected readonly name = computed(() => this.store.agent()?.name ?? '');
  protected readonly description = computed(() => `create docs/hello.md with Hello from ${this.name()}`);
  protected readonly isAsking = signal(false);
  protected readonly problem = signal('');
  protected readonly detail = signal<TaskDetail | null>(null);
  protected readonly steps = computed(() => firstTaskSteps(this.detail()));
  /** How long it took, once it is handed in. */
  protected readonly outcome = computed(() => {
    const { task, history } = this.detail() ?? {};
    const handedIn = history?.find(({ what }) => what === 'task.submitted');
    if (!task || !handedIn) {
      return null;
    }
    const seconds = Math.max(1, Math.round((Date.parse(handedIn.at) - Date.parse(task.createdAt)) / 1000));
    return seconds === 1 ? 'one second' : `${seconds} seconds`;
  });
  protected readonly isSilent = computed(() => {
    const task = this.detail()?.task;
    const offeredAt = task?.receipt?.acknowledgedAt === null ? task.receipt.offeredAt : null;
    return this.isReady() && offeredAt !== null && this.now() - Date.parse(offeredAt) >= ACKNOWLEDGE_WITHIN_MS;
  });

  constructor() {
    inject(DestroyRef).onDestroy(() => clearInterval(this.timer));
  }

  protected async ask(): Promise<void> {
    const [room, agent] = [this.room(), this.store.agent()];
    if (!room || !agent) {
      return;
    }
    this.isAsking.set(true);
    this.problem.set('');
    try {
      const { id } = await this.socket.ask('create_task', {
        roomId: room.id,
        agentId: agent.id,
        description: this.description(),
        title: 'Say hello',
        commandId: newCommandId(),
      });
      const look = () => this.look(room.id, id);
      await look();
      this.timer = setInterval(() => void look(), LOOK_AGAIN);
    } catch (thrown) {
      this.problem.set(toApiProblem(thrown).detail);
    } finally {
      this.isAsking.set(false);
    }
  }

  private async look(roomId: string, taskId: string): Promise<void> {
    const address = `/api/rooms/${roomId}/tasks/${taskId}`;
    const detail = await firstValueFrom(this.http.get<TaskDetail>(address)).catch(() => null);
    this.detail.update((before) => detail ?? before);
    if (this.outcome() || detail?.task.state === 'failed') {
      clearInterval(this.timer);
    }
  }
}
