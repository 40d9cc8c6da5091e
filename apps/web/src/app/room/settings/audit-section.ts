import { Component, computed, effect, inject, signal, untracked } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import { AUDIT_ACTIONS, type AuditAction, type AuditEntry } from '@clawtank/contracts';
import { type ApiProblem, toApiProblem } from '../../core/problem/api-problem';
import { Button } from '../../shared/button';
import { RelativeTime } from '../../shared/relative-time';
import { Skeleton } from '../../shared/skeleton';
import { RoomStore } from '../state/room-store';
import { AUDIT_LABELS, auditWords } from './audit-words';
import { HostingApi } from './hosting-api';
import { RefusalNote } from './refusal-note';
import { whyNot } from './why-not';

/** Who did what to whom, when: everything that only those who look after the room may do. The filter is in the address. */
@Component({
  selector: 'ct-audit-section',
  imports: [Button, RefusalNote, RelativeTime, Skeleton],
  template: `
    <h2>Audit log</h2>
    <p class="lead">Everything done with the powers of a host or moderator. Nobody can change or remove an entry.</p>
    <ct-refusal-note [why]="refusal()" />
    @if (!refusal()) {
      <label class="filter">
        <span class="visually-hidden">Show only</span>
        <select #filter [value]="action() ?? ''" (change)="show(filter.value)">
          <option value="">Everything</option>
          @for (one of actions; track one) {
            <option [value]="one" [selected]="one === action()">{{ labels[one] }}</option>
          }
        </select>
      </label>
      @if (entries(); as list) {
        <ol class="rows">
          @for (entry of list; track entry.id) {
            @let words = wordsOf(entry);
            <li>
              <div>
                <p>
                  <strong>{{ entry.actor.name }}</strong> {{ words.deed }} <strong>{{ words.target }}</strong>
                </p>
                @if (words.note) {
                  <p class="what">{{ words.note }}</p>
                }
              </div>
              <ct-time class="what" [at]="entry.at" />
            </li>
          } @empty {
            <li class="what">{{ action() ? 'Nothing of this kind was done.' : 'Nothing was done yet.' }}</li>
          }
        </ol>
        @if (nextCursor()) {
          <button type="button" ctButton size="small" class="more" [pending]="isLoading()" (click)="load()">
            Show older
          </button>
        }
      } @else if (!problem()) {
        <ct-skeleton [lines]="6" label="Loading the audit log" />
      }
      @if (problem(); as problem) {
        <p class="problem" role="alert">{{ problem.detail }}</p>
        <div><button type="button" ctButton [pending]="isLoading()" (click)="load()">Try again</button></div>
      }
    }
  `,
  styleUrls: ['../../shared/form/fields.css', './section.css'],
  styles: `
    :host {
      max-width: 46rem;
    }

    .rows > li {
      padding-right: var(--space-4);
    }

    .rows strong {
      font-weight: 600;
    }
  `,
})
export class AuditSection {
  private readonly api = inject(HostingApi);
  private readonly router = inject(Router);
  private readonly store = inject(RoomStore);
  private readonly address = toSignal(inject(ActivatedRoute).queryParamMap);
  private asked = 0;

  protected readonly actions = AUDIT_ACTIONS;
  protected readonly labels = AUDIT_LABELS;
  protected readonly wordsOf = auditWords;
  protected readonly refusal = computed(() => whyNot(this.store, 'read_audit_log'));
  protected readonly action = computed<AuditAction | undefined>(() => {
    const named = this.address()?.get('action');
    return AUDIT_ACTIONS.find((action) => action === named);
  });
  protected readonly entries = signal<readonly AuditEntry[] | null>(null);
  protected readonly nextCursor = signal<string | null>(null);
  protected readonly isLoading = signal(false);
  protected readonly problem = signal<ApiProblem | null>(null);

  constructor() {
    effect(() => {
      this.action();
      if (!this.refusal()) {
        untracked(() => this.begin());
      }
    });
  }

  protected show(action: string): void {
    void this.router.navigate([], { queryParams: { action: action || null }, queryParamsHandling: 'merge' });
  }

  /** The next page. */
  protected async load(): Promise<void> {
    const turn = ++this.asked;
    this.isLoading.set(true);
    this.problem.set(null);
    const action = this.action();
    const cursor = this.nextCursor();
    try {
      const page = await this.api.audit(this.store.roomId(), { ...(action && { action }), ...(cursor && { cursor }) });
      if (turn === this.asked) {
        this.entries.update((entries) => [...(entries ?? []), ...page.entries]);
        this.nextCursor.set(page.nextCursor);
      }
    } catch (thrown) {
      if (turn === this.asked) {
        this.problem.set(toApiProblem(thrown));
      }
    } finally {
      if (turn === this.asked) {
        this.isLoading.set(false);
      }
    }
  }

  private begin(): void {
    this.entries.set(null);
    this.nextCursor.set(null);
    void this.load();
  }
}
