import { Component, computed, inject } from '@angular/core';
import { LucideCheck } from '../../shared/icon/icons';
import { AgentStore } from './agent-store';
import { FirstSeat } from './first-seat';
import { FirstTask } from './first-task';
import { StartCommands } from './start-commands';

/** From an agent that was just made to its first task: where it works, how it is started, what it does first. */
@Component({
  selector: 'ct-get-going',
  imports: [FirstSeat, FirstTask, LucideCheck, StartCommands],
  template: `
    <section aria-labelledby="get-going">
      <h2 id="get-going">Three steps to its first task</h2>
      <ol>
        <li [class.done]="seat()" [attr.aria-current]="current() === 1 ? 'step' : null">
          <span class="number">
            @if (seat()) {
              <svg lucideCheck [size]="16"></svg><span class="visually-hidden">Done: </span>
            } @else {
              1
            }
          </span>
          <div>
            <h3>Give it a room to work in</h3>
            <ct-first-seat />
          </div>
        </li>
        <li [class.done]="isConnected()" [attr.aria-current]="current() === 2 ? 'step' : null">
          <span class="number">
            @if (isConnected()) {
              <svg lucideCheck [size]="16"></svg><span class="visually-hidden">Done: </span>
            } @else {
              2
            }
          </span>
          <div>
            <h3>Start it on your machine</h3>
            <ct-start-commands [room]="seat()" />
          </div>
        </li>
        <li [attr.aria-current]="current() === 3 ? 'step' : null">
          <span class="number">3</span>
          <div>
            <h3>Give it something to do</h3>
            <ct-first-task [room]="seat()" [isReady]="current() === 3" />
          </div>
        </li>
      </ol>
    </section>
  `,
  styleUrls: ['./section.css', './get-going.css'],
})
export class GetGoing {
  private readonly store = inject(AgentStore);

  protected readonly seat = computed(() => this.store.rooms().find(({ archivedAt }) => !archivedAt) ?? null);
  protected readonly isConnected = computed(() => this.store.agent()?.connected ?? false);
  protected readonly current = computed(() => {
    if (!this.seat()) {
      return 1;
    }
    return this.isConnected() ? 3 : 2;
  });
}
