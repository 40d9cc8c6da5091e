import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideListTodo, LucideMessageSquare, LucideUsersRound } from '../shared/icon/icons';
import { RoomStore } from './state/room-store';
import { type WorkPlace, queryOf } from './work/work-place';

/** On phones: one part of the room at a time, chosen under the thumb. */
@Component({
  selector: 'ct-room-bar',
  imports: [LucideListTodo, LucideMessageSquare, LucideUsersRound, RouterLink],
  template: `
    <nav aria-label="Room">
      <a
        [routerLink]="['/rooms', store.roomId()]"
        [queryParams]="to.chat"
        [attr.aria-current]="here() === 'chat' ? 'true' : null"
      >
        <svg lucideMessageSquare [size]="20"></svg>
        <span
          >Chat
          @if (store.unread(); as unread) {
            <span class="count tabular">{{ unread }}<span class="visually-hidden"> unread</span></span>
          }
        </span>
      </a>
      <a
        [routerLink]="[]"
        [queryParams]="to.work"
        queryParamsHandling="merge"
        [attr.aria-current]="here() === 'work' ? 'true' : null"
      >
        <svg lucideListTodo [size]="20"></svg><span>Work</span>
      </a>
      <a
        [routerLink]="[]"
        [queryParams]="to.people"
        queryParamsHandling="merge"
        [attr.aria-current]="here() === 'people' ? 'true' : null"
      >
        <svg lucideUsersRound [size]="20"></svg><span>People</span>
      </a>
    </nav>
  `,
  styleUrl: '../shared/bottom-bar.css',
})
export class RoomBar {
  protected readonly store = inject(RoomStore);

  readonly place = input.required<WorkPlace>();
  /** The settings are shown in place of all three. */
  readonly isInSettings = input(false);
  /** The board is shown in place of the conversation. */
  readonly isBoard = input(false);

  protected readonly to = {
    chat: queryOf({}),
    work: queryOf({ work: 'tasks' }),
    people: queryOf({ work: 'members' }),
  };
  protected readonly here = computed(() => {
    if (this.isInSettings()) {
      return null;
    }
    const { tab } = this.place();
    return tab === null ? (this.isBoard() ? 'work' : 'chat') : tab === 'members' ? 'people' : 'work';
  });
}
