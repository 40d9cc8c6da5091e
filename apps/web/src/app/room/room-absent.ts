import { Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Room } from '@clawtank/contracts';
import { Connection } from '../core/connection/connection';
import { LiveSocket } from '../core/connection/live-socket';
import { MyRooms } from '../core/my-rooms';
import { toApiProblem } from '../core/problem/api-problem';
import { Button } from '../shared/button';
import { StateMessage } from '../shared/state/state-message';
import { RoomStore } from './state/room-store';

const CLOSED = {
  left: { heading: 'You left this room', text: 'In another window, it seems. What you said stays there.' },
  removed: {
    heading: 'You are no longer in this room',
    text: 'Somebody who looks after it has taken your seat. Ask them if that was not meant.',
  },
  banned: {
    heading: 'You are banned from this room',
    text: 'Somebody who looks after it has decided so. Only they can take it back.',
  },
  deleted: { heading: 'This room is gone', text: 'Its host has deleted it, with everything in it.' },
} as const;

/** In place of a room that cannot be shown: why not, and the one next step. */
@Component({
  selector: 'ct-room-absent',
  imports: [Button, RouterLink, StateMessage],
  template: `
    @if (ended(); as why) {
      <ct-state kind="refused" heading="This page is no longer connected">
        {{ why }} What you have not sent is kept.
        <button action type="button" ctButton="primary" (click)="store.reconnect()">Connect again</button>
      </ct-state>
    } @else {
      @switch (store.phase().kind) {
        @case ('not-found') {
          <ct-state kind="empty" heading="There is no such room">
            The address may be mistyped, or the room is private and you have no seat in it.
            <a action ctButton="primary" routerLink="/">Go to the lobby</a>
          </ct-state>
        }
        @case ('closed') {
          <ct-state kind="refused" [heading]="closed().heading">
            {{ closed().text }}
            <a action ctButton="primary" routerLink="/">Go to the lobby</a>
          </ct-state>
        }
        @case ('outside') {
          @if (outside(); as room) {
            <ct-state kind="refused" [heading]="'You have no seat in ' + room.name">
              {{ room.description || 'It is a public room.' }}
              @if (room.archivedAt) {
                It is archived, and nobody joins while it is.
              } @else if (isFull()) {
                Every one of its {{ room.settings.maxMembers }} seats is taken.
              } @else {
                You can join it{{ room.settings.spectatorAllowed ? ', or watch it as everybody may.' : '.' }}
              }
              @if (refusal(); as refusal) {
                <strong class="refusal" role="alert">{{ refusal }}</strong>
              }
              <span action class="ways">
                @if (mayJoin()) {
                  <button type="button" ctButton="primary" [pending]="isJoining()" (click)="join()">
                    Join the room
                  </button>
                }
                @if (room.settings.spectatorAllowed && !room.archivedAt) {
                  <a ctButton [routerLink]="['/spectate', room.id]">Watch</a>
                } @else if (!mayJoin()) {
                  <a ctButton="primary" routerLink="/">Go to the lobby</a>
                }
              </span>
            </ct-state>
          }
        }
        @default {
          @if (connection.state() === 'live') {
            <ct-state kind="loading" heading="Opening the room…" />
          } @else {
            <ct-state kind="offline" heading="The room cannot be reached">
              It opens by itself as soon as the connection is back.
              <button action type="button" ctButton="primary" (click)="store.reconnect()">Try now</button>
            </ct-state>
          }
        }
      }
    }
  `,
  styles: `
    :host {
      display: grid;
      height: 100%;
    }

    .ways {
      display: flex;
      gap: var(--space-2);
    }

    .refusal {
      display: block;
      margin-top: var(--space-2);
      color: var(--danger);
    }
  `,
})
export class RoomAbsent {
  private readonly myRooms = inject(MyRooms);
  private readonly socket = inject(LiveSocket);
  protected readonly connection = inject(Connection);
  protected readonly store = inject(RoomStore);

  protected readonly ended = computed(() => {
    const state = this.socket.state();
    return state.kind === 'ended' ? state.why : null;
  });
  protected readonly closed = computed(() => {
    const phase = this.store.phase();
    return CLOSED[phase.kind === 'closed' ? phase.reason : 'removed'];
  });
  protected readonly outside = computed<Room | null>(() => {
    const phase = this.store.phase();
    return phase.kind === 'outside' ? phase.room : null;
  });
  protected readonly isFull = computed(() => {
    const room = this.outside();
    return room !== null && room.members.length >= room.settings.maxMembers;
  });
  protected readonly mayJoin = computed(() => !this.isFull() && this.outside()?.archivedAt === null);
  protected readonly isJoining = signal(false);
  protected readonly refusal = signal('');

  protected async join(): Promise<void> {
    this.isJoining.set(true);
    this.refusal.set('');
    try {
      await this.store.takeSeat();
      this.myRooms.reload();
    } catch (thrown) {
      this.refusal.set(toApiProblem(thrown).detail);
    } finally {
      this.isJoining.set(false);
    }
  }
}
