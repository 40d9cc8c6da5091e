import { Component, DOCUMENT, DestroyRef, computed, effect, inject, input, untracked } from '@angular/core';
import { RouterLink } from '@angular/router';
import { LucideArrowUp, LucidePlus } from '../shared/icon/icons';
import { Session } from '../core/session/session';
import { InvitationCards } from '../notifications/invitation-cards';
import { Button } from '../shared/button';
import { More } from '../shared/more';
import { RoomCardView } from '../shared/room-card/room-card';
import { Skeleton } from '../shared/skeleton';
import { StateMessage } from '../shared/state/state-message';
import { LobbyFilters } from './lobby-filters';
import { LobbyList } from './lobby-list';
import { isNarrowed, lobbyQuery } from './lobby-query';

const LOOK_AGAIN = 30_000;

/** What is alive now: the rooms anyone may find, or the reader's own. Search, filters and order are in the address. */
@Component({
  selector: 'ct-lobby',
  imports: [
    Button,
    InvitationCards,
    LobbyFilters,
    LucideArrowUp,
    LucidePlus,
    More,
    RoomCardView,
    RouterLink,
    Skeleton,
    StateMessage,
  ],
  providers: [LobbyList],
  templateUrl: './lobby.html',
  styleUrl: './lobby.css',
})
export class Lobby {
  protected readonly session = inject(Session);
  protected readonly list = inject(LobbyList);

  readonly search = input<string>();
  readonly scope = input<string>();
  readonly language = input<string>();
  readonly topic = input<string>();
  readonly active = input<string>();
  readonly sort = input<string>();
  readonly archived = input<string>();

  protected readonly query = computed(() =>
    lobbyQuery({
      search: this.search(),
      scope: this.scope(),
      language: this.language(),
      topic: this.topic(),
      active: this.active(),
      sort: this.sort(),
      archived: this.archived(),
    }),
  );
  protected readonly isMine = computed(() => this.query().scope === 'mine');
  protected readonly isNarrowed = computed(() => isNarrowed(this.query()));
  /** Leaves the scope and the order as they are. */
  protected readonly everything = { search: null, language: null, topic: null, active: null };
  protected readonly heading = computed(() => {
    if (!this.isMine()) {
      return 'Alive now';
    }
    return this.query().archived === 'true' ? 'Your archived rooms' : 'Your rooms';
  });

  constructor() {
    effect(() => {
      const query = this.query();
      this.session.account();
      if (this.session.status() !== 'starting') {
        untracked(() => void this.list.open(query));
      }
    });
    const document = inject(DOCUMENT);
    const look = () => {
      if (!document.hidden && this.session.status() !== 'starting') {
        void this.list.look();
      }
    };
    const timer = setInterval(look, LOOK_AGAIN);
    document.addEventListener('visibilitychange', look);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    });
  }
}
