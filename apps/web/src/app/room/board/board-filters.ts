import { Component, DestroyRef, computed, inject, input } from '@angular/core';
import { Router } from '@angular/router';
import { LucideSearch } from '../../shared/icon/icons';
import { RoomStore } from '../state/room-store';
import type { BoardQuery } from './board-query';

const TYPING_PAUSE = 250;

/** Narrows the board. Everything chosen is in the address, so that it can be shared and survives a reload. */
@Component({
  selector: 'ct-board-filters',
  imports: [LucideSearch],
  host: { role: 'search' },
  template: `
    <label class="search">
      <svg lucideSearch [size]="16"></svg>
      <span class="visually-hidden">Search tasks</span>
      <input #box type="search" placeholder="Search tasks" [value]="query().text" (input)="searchFor(box.value)" />
    </label>
    <select #who aria-label="Person or agent" (change)="choose({ who: who.value || null })">
      <option value="" [selected]="!query().who">Everybody</option>
      @for (seat of seats(); track seat.id) {
        <option [value]="seat.id" [selected]="query().who === seat.id">{{ seat.name }}</option>
      }
    </select>
    <select #priority aria-label="Priority" (change)="choose({ priority: priority.value || null })">
      <option value="" [selected]="!query().priority">Any priority</option>
      <option value="high" [selected]="query().priority === 'high'">High</option>
      <option value="medium" [selected]="query().priority === 'medium'">Medium</option>
      <option value="low" [selected]="query().priority === 'low'">Low</option>
    </select>
  `,
  styleUrl: './board-filters.css',
})
export class BoardFilters {
  private readonly router = inject(Router);
  private readonly store = inject(RoomStore);
  private typing: ReturnType<typeof setTimeout> | undefined;

  readonly query = input.required<BoardQuery>();

  protected readonly seats = computed(() => this.store.seats());

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.typing));
  }

  protected searchFor(text: string): void {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.choose({ text: text.trim() || null }), TYPING_PAUSE);
  }

  protected choose(queryParams: Record<string, string | null>): void {
    void this.router.navigate([], { queryParams, queryParamsHandling: 'merge', replaceUrl: true });
  }
}
