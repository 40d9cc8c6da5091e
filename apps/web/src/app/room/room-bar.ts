import { Component, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideListTodo, LucideMessageSquare, LucideUsersRound } from '@lucide/angular';
import { RoomStore } from './state/room-store';
import type { WorkPlace } from './work/work-place';

/** On phones: one part of the room at a time, chosen under the thumb. */
@Component({
  selector: 'ct-room-bar',
  imports: [LucideListTodo, LucideMessageSquare, LucideUsersRound, RouterLink],
  template: `
    <nav aria-label="Room">
      <a
        [routerLink]="[]"
        [queryParams]="{ work: null, task: null, pull: null }"
        queryParamsHandling="merge"
        [attr.aria-current]="place().tab === null ? 'true' : null"
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
        [queryParams]="{ work: 'tasks', task: null, pull: null }"
        queryParamsHandling="merge"
        [attr.aria-current]="place().tab !== null && place().tab !== 'members' ? 'true' : null"
      >
        <svg lucideListTodo [size]="20"></svg><span>Work</span>
      </a>
      <a
        [routerLink]="[]"
        [queryParams]="{ work: 'members', task: null, pull: null }"
        queryParamsHandling="merge"
        [attr.aria-current]="place().tab === 'members' ? 'true' : null"
      >
        <svg lucideUsersRound [size]="20"></svg><span>People</span>
      </a>
    </nav>
  `,
  styles: `
    :host {
      display: none;
    }

    nav {
      display: grid;
      grid-template-columns: repeat(3, minmax(0, 1fr));
      min-height: var(--bottom-bar);
      padding-bottom: env(safe-area-inset-bottom);
      border-top: 1px solid var(--line);
      background: var(--surface);
    }

    a {
      display: grid;
      place-content: center;
      justify-items: center;
      gap: 0.1875rem;
      position: relative;
      color: var(--ink-faint);
      font-size: var(--text-xs);
      font-weight: 500;
      text-decoration: none;
    }

    [aria-current] {
      color: var(--ink);
      font-weight: 600;
    }

    [aria-current]::before {
      content: '';
      position: absolute;
      inset: 0 32% auto;
      height: 2px;
      border-radius: 0 0 var(--radius-pill) var(--radius-pill);
      background: var(--coral);
    }

    .count {
      padding: 0 0.3125rem;
      border-radius: var(--radius-pill);
      background: var(--coral-fill);
      color: var(--on-coral);
      font-weight: 650;
    }

    :focus-visible {
      outline-offset: -3px;
    }

    @media (max-width: 45rem) {
      :host {
        display: block;
      }
    }
  `,
})
export class RoomBar {
  protected readonly store = inject(RoomStore);

  readonly place = input.required<WorkPlace>();
}
