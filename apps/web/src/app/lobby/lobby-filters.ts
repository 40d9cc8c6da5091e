import { httpResource } from '@angular/common/http';
import { Component, DestroyRef, computed, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import type { RoomFacets } from '@clawtank/contracts';
import { LucideSearch, LucideX } from '../shared/icon/icons';
import { Session } from '../core/session/session';
import type { LobbyQuery } from './lobby-query';

const TYPING_PAUSE = 250;
const MOST_TOPICS = 12;

const SORTS = {
  activity: 'Liveliest first',
  viewers: 'Most watched first',
  members: 'Largest first',
  newest: 'Newest first',
};
const TIMES = { hour: 'alive this hour', day: 'alive today', week: 'alive this week' };

/** Narrows and orders the lobby. Everything chosen is in the address, so that it can be shared and survives a reload. */
@Component({
  selector: 'ct-lobby-filters',
  imports: [LucideSearch, LucideX, RouterLink],
  host: { role: 'search' },
  templateUrl: './lobby-filters.html',
  styleUrl: './lobby-filters.css',
})
export class LobbyFilters {
  private readonly router = inject(Router);
  protected readonly session = inject(Session);
  private typing: ReturnType<typeof setTimeout> | undefined;

  readonly query = input.required<LobbyQuery>();
  /** As it stands in the address, blanks included: what is typed is not changed under the reader's hands. */
  readonly typed = input('');

  protected readonly sorts = Object.entries(SORTS);
  protected readonly times = Object.entries(TIMES);
  private readonly facets = httpResource<RoomFacets>(() => '/api/rooms/facets');
  private readonly known = computed(() => (this.facets.hasValue() ? this.facets.value() : null));
  protected readonly languages = computed(() => this.withChosen(this.known()?.languages, this.query().language));
  protected readonly topics = computed(() =>
    this.withChosen(this.known()?.topics.slice(0, MOST_TOPICS), this.query().topic),
  );

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.typing));
  }

  protected searchFor(text: string): void {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.choose({ search: text.trim() || null }), TYPING_PAUSE);
  }

  protected choose(queryParams: Record<string, string | null>): void {
    void this.router.navigate([], { queryParams, queryParamsHandling: 'merge', replaceUrl: true });
  }

  /** The names on offer, and the chosen one even if no room has it any more. */
  private withChosen(facets: RoomFacets['topics'] | undefined, chosen: string | undefined): string[] {
    const names = facets?.map(({ name }) => name) ?? [];
    return chosen === undefined || names.includes(chosen) ? names : [chosen, ...names];
  }
}
