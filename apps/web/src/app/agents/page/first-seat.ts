import { Component, computed, inject, signal } from '@angular/core';
import { MatMenuModule } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { MyRooms } from '../../core/my-rooms';
import { toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { AgentStore } from './agent-store';

/** The room an agent begins in: one of the reader's, or one that is made for it with one press. */
@Component({
  selector: 'ct-first-seat',
  imports: [Button, MatMenuModule, RouterLink],
  template: `
    @if (seats().length > 0) {
      <p class="note">
        It has a seat in
        @for (room of seats(); track room.id) {
          <a [routerLink]="['/rooms', room.id]">{{ room.name }}</a>{{ $last ? '.' : ', ' }}
        }
      </p>
    } @else {
      <p class="note">
        It sees and does only what happens in rooms where it has a seat. A room has its own repository.
      </p>
      <div class="buttons">
        <button
          type="button"
          [ctButton]="free().length === 0 ? 'primary' : 'secondary'"
          [pending]="isSeating()"
          (click)="seatInNewRoom()"
        >
          Make a private room for it
        </button>
        @if (free().length > 0) {
          <button type="button" ctButton [matMenuTriggerFor]="choice">Choose one of your rooms</button>
          <mat-menu #choice="matMenu">
            @for (room of free(); track room.id) {
              <button type="button" mat-menu-item (click)="seat(room.id)">{{ room.name }}</button>
            }
          </mat-menu>
        }
      </div>
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
    }
  `,
})
export class FirstSeat {
  private readonly myRooms = inject(MyRooms);
  private readonly store = inject(AgentStore);

  protected readonly seats = this.store.rooms;
  protected readonly free = computed(() => this.myRooms.rooms().filter(({ archivedAt }) => !archivedAt));
  protected readonly isSeating = signal(false);
  protected readonly problem = signal('');

  protected seat(roomId: string): Promise<void> {
    return this.run(() => this.store.seat(roomId));
  }

  protected seatInNewRoom(): Promise<void> {
    return this.run(() => this.store.seatInNewRoom(`${this.store.agent()?.name}’s room`));
  }

  private async run(seat: () => Promise<void>): Promise<void> {
    this.isSeating.set(true);
    this.problem.set('');
    try {
      await seat();
    } catch (thrown) {
      this.problem.set(toApiProblem(thrown).detail);
    } finally {
      this.isSeating.set(false);
    }
  }
}
