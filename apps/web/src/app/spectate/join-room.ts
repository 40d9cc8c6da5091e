import { Component, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Button } from '../shared/button';
import { RoomDoor } from './room-door';

/** The button that leads from watching a room into it. */
@Component({
  selector: 'ct-join-room',
  imports: [Button, RouterLink],
  template: `
    @switch (door.way()) {
      @case ('open') {
        <a ctButton="primary" [routerLink]="['/rooms', roomId()]"
          >Open<span class="visually-hidden"> {{ name() }}</span></a
        >
      }
      @case ('join') {
        <button type="button" ctButton="primary" [pending]="door.isJoining()" (click)="door.join()">
          Join<span class="visually-hidden"> {{ name() }}</span>
        </button>
      }
      @case ('full') {
        <button type="button" ctButton disabled>Room is full</button>
      }
      @case ('account') {
        <a ctButton="primary" routerLink="/register" [queryParams]="{ returnTo: '/spectate/' + roomId() }"
          >Join<span class="visually-hidden"> {{ name() }}, with an account of your own</span></a
        >
      }
    }
  `,
})
export class JoinRoom {
  protected readonly door = inject(RoomDoor);

  readonly roomId = input.required<string>();
  readonly name = input.required<string>();
}
