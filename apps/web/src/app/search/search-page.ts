import {
  Component,
  ElementRef,
  afterNextRender,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  untracked,
  viewChild,
} from '@angular/core';
import { Router } from '@angular/router';
import { LucideSearch, LucideX } from '../shared/icon/icons';
import { Badges } from '../core/attention/badges';
import { MyRooms } from '../core/my-rooms';
import { toApiProblem } from '../core/problem/api-problem';
import { Session } from '../core/session/session';
import { Button } from '../shared/button';
import { Now } from '../shared/now';
import { Skeleton } from '../shared/skeleton';
import { StateMessage } from '../shared/state/state-message';
import { Toasts } from '../shared/toast/toasts';
import { MessageSearch } from './message-search';
import { SearchHitView } from './search-hit';
import { suggestionsFor, withTerm } from './search-terms';

/** Looks for messages in every room the reader may read. What is looked for is in the address. */
@Component({
  selector: 'ct-search-page',
  imports: [Button, LucideSearch, LucideX, SearchHitView, Skeleton, StateMessage],
  providers: [MessageSearch],
  templateUrl: './search-page.html',
  styleUrl: './search-page.css',
})
export class SearchPage {
  private readonly badges = inject(Badges);
  private readonly myRooms = inject(MyRooms);
  private readonly now = inject(Now).value;
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  private readonly toasts = inject(Toasts);
  protected readonly search = inject(MessageSearch);
  private readonly box = viewChild.required<ElementRef<HTMLInputElement>>('box');

  /** From the address. */
  readonly q = input<string>();

  protected readonly typed = linkedSignal(() => this.q() ?? '');
  protected readonly suggestions = computed(() =>
    suggestionsFor(this.typed(), {
      rooms: this.myRooms.rooms().map(({ name }) => name),
      people: [
        ...new Set(
          [this.session.account()?.username ?? [], ...this.badges.direct().map(({ member }) => member.name)].flat(),
        ),
      ],
      today: new Date(this.now()).toISOString().slice(0, 10),
    }),
  );
  protected readonly problem = computed(() => {
    const state = this.search.state();
    return typeof state === 'object' ? state : null;
  });
  /** Only where to look has been said, not what for. */
  private readonly isUnfinished = computed(() => /^in:(?:"[^"]*"|\S*)\s*$/i.test(this.q() ?? ''));
  protected readonly count = computed(() => {
    const count = this.search.hits().length;
    return `${count}${this.search.next() ? ' or more' : ''} ${count === 1 && !this.search.next() ? 'message' : 'messages'}`;
  });

  constructor() {
    effect(() => {
      const asked = this.isUnfinished() ? '' : (this.q() ?? '');
      untracked(() => void this.search.ask(asked));
    });
    afterNextRender(() => this.focus());
  }

  protected submit(): void {
    const q = this.typed().trim();
    if (q === this.q()?.trim()) {
      void this.search.ask(q);
    } else {
      void this.router.navigate([], { queryParams: { q: q || null } });
    }
  }

  protected add(term: string): void {
    this.typed.update((query) => withTerm(query, term));
    this.focus();
  }

  protected clear(): void {
    this.typed.set('');
    this.focus();
  }

  protected async more(): Promise<void> {
    await this.search
      .askMore()
      .catch((thrown: unknown) => this.toasts.failed(`No more results for now. ${toApiProblem(thrown).detail}`));
  }

  private focus(): void {
    const box = this.box().nativeElement;
    box.focus();
    // After the value of the signal has reached the field.
    setTimeout(() => box.setSelectionRange(box.value.length, box.value.length));
  }
}
