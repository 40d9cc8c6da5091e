import {
  Component,
  Injector,
  afterNextRender,
  computed,
  effect,
  inject,
  input,
  output,
  untracked,
  viewChildren,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Approval } from '@clawtank/contracts';
import { LucideHand } from '../../shared/icon/icons';
import { queryOf } from '../work/work-place';
import { ApprovalCard } from './approval-card';
import { Approvals } from './approvals';
import { ExactText } from './exact-text';

const MOST_LINES = 3;

/** Everything that waits for leave, or what one task waits for: cards for whoever decides, a quiet line for the others. */
@Component({
  selector: 'ct-waiting-approvals',
  imports: [ApprovalCard, ExactText, LucideHand, RouterLink],
  template: `
    @if (own().length > 0) {
      <section
        [attr.aria-label]="own().length === 1 ? 'Waits for your leave' : own().length + ' steps wait for your leave'"
      >
        @for (approval of own(); track approval.id) {
          <ct-approval-card [approval]="approval" [place]="taskId() ? 'task' : 'room'" />
        }
      </section>
    }
    @for (approval of lines(); track approval.id) {
      <p>
        <svg lucideHand [size]="14"></svg>
        <span
          >{{ approval.agent.name }} waits for {{ approval.owner.name }}:
          <a [routerLink]="[]" [queryParams]="taskQuery(approval)" queryParamsHandling="merge"
            ><ct-exact-text [text]="approval.title" /></a
        ></span>
      </p>
    }
    @if (others().length > lines().length) {
      <p>and {{ others().length - lines().length }} more</p>
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--space-2);
    }

    :host(:not(:has(*))) {
      display: none;
    }

    section {
      display: grid;
      gap: var(--space-2);
      max-height: min(60vh, 32rem);
      padding: 2px;
      overflow-y: auto;
      overscroll-behavior: contain;
    }

    p {
      display: flex;
      align-items: baseline;
      gap: var(--space-2);
      color: var(--ink-faint);
      font-size: var(--text-s);
    }

    svg {
      align-self: center;
    }
  `,
})
export class WaitingApprovals {
  private readonly injector = inject(Injector);
  private readonly approvals = inject(Approvals);
  private readonly cards = viewChildren(ApprovalCard);

  /** Only what this task waits for. */
  readonly taskId = input<string | null>(null);
  /** The reader answered the last of them; they have to be somewhere else now. */
  readonly answered = output();

  protected readonly own = computed(() => this.approvals.own().filter((one) => this.concerns(one)));
  protected readonly others = computed(() => this.approvals.ofOthers().filter((one) => this.concerns(one)));
  protected readonly lines = computed(() => this.others().slice(0, MOST_LINES));

  constructor() {
    effect(() => {
      const ids = this.own().map(({ id }) => id);
      untracked(() => this.keepFocus(ids));
    });
  }

  protected taskQuery({ taskNumber }: Approval): ReturnType<typeof queryOf> {
    return queryOf({ work: 'tasks', task: taskNumber });
  }

  private concerns({ taskId }: Approval): boolean {
    return this.taskId() === null || this.taskId() === taskId;
  }

  /** Whoever was at a card that is about to go is at the next one afterwards. */
  private keepFocus(staying: readonly string[]): void {
    const cards = this.cards();
    const at = cards.findIndex((card) => card.hasFocus());
    if (at < 0 || staying.includes(cards[at]?.approval().id ?? '')) {
      return;
    }
    afterNextRender(
      () => {
        const next = this.cards()[at] ?? this.cards().at(-1);
        if (next) {
          next.focus();
        } else {
          this.answered.emit();
        }
      },
      { injector: this.injector },
    );
  }
}
