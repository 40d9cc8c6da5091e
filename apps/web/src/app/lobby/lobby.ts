import { httpResource } from '@angular/common/http';
import { Component, DOCUMENT, DestroyRef, computed, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import type { RoomList } from '@clawtank/contracts';
import { LucidePlus, LucideSearch } from '@lucide/angular';
import { toApiProblem } from '../core/problem/api-problem';
import { Session } from '../core/session/session';
import { Button } from '../shared/button';
import { Skeleton } from '../shared/skeleton';
import { StateMessage } from '../shared/state/state-message';
import { RoomCardView } from './room-card';

const TYPING_PAUSE = 250;
const LOOK_AGAIN = 30_000;

/** What is alive now: the rooms anyone may find, or the reader's own. Search and filter are in the address. */
@Component({
  selector: 'ct-lobby',
  imports: [Button, LucidePlus, LucideSearch, RoomCardView, RouterLink, Skeleton, StateMessage],
  templateUrl: './lobby.html',
  styleUrl: './lobby.css',
})
export class Lobby {
  private readonly router = inject(Router);
  protected readonly session = inject(Session);
  private typing: ReturnType<typeof setTimeout> | undefined;

  readonly search = input<string>();
  readonly scope = input<string>();

  protected readonly isMine = computed(() => this.scope() === 'mine');
  protected readonly list = httpResource<RoomList>(() => {
    if (this.session.status() === 'starting') {
      return undefined;
    }
    const search = this.search()?.trim();
    return {
      url: '/api/rooms',
      params: { scope: this.isMine() ? 'mine' : 'public', ...(search && { search }) },
    };
  });
  protected readonly rooms = computed(() => (this.list.hasValue() ? this.list.value().rooms : null));
  protected readonly problem = computed(() => {
    const thrown = this.list.error();
    return thrown && !this.rooms() ? toApiProblem(thrown) : null;
  });

  constructor() {
    const document = inject(DOCUMENT);
    const timer = setInterval(() => {
      if (!document.hidden) {
        this.list.reload();
      }
    }, LOOK_AGAIN);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
      clearTimeout(this.typing);
    });
  }

  protected searchFor(text: string): void {
    clearTimeout(this.typing);
    this.typing = setTimeout(
      () =>
        void this.router.navigate([], {
          queryParams: { search: text.trim() || null },
          queryParamsHandling: 'merge',
          replaceUrl: true,
        }),
      TYPING_PAUSE,
    );
  }
}
