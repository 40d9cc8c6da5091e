import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { Component, ElementRef, computed, inject, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { FINISHED_TASK_STATES, type Task } from '@clawtank/contracts';
import { LucideEllipsis, LucideHand } from '../../shared/icon/icons';
import { Approvals } from '../approvals/approvals';
import { Avatar } from '../../shared/avatar/avatar';
import { Badge } from '../../shared/badge';
import { Button } from '../../shared/button';
import { TaskWords } from '../plain-words/task-words';
import { RoomStore } from '../state/room-store';
import { ConflictFlag } from '../work/conflict-flag';
import { Deadline } from '../work/deadline';
import { taskState } from '../work/task-groups';
import { queryOf } from '../work/work-place';
import { type Place, nameOf } from './board-lanes';
import { Carrying } from './carrying';

/** A task on the board. The grip picks it up for the arrow keys; the menu says where it can go. */
@Component({
  selector: 'ct-board-card',
  imports: [
    Avatar,
    Badge,
    Button,
    CdkMenu,
    CdkMenuItem,
    CdkMenuTrigger,
    ConflictFlag,
    Deadline,
    LucideEllipsis,
    LucideHand,
    RouterLink,
    TaskWords,
  ],
  host: { '[class.carried]': 'isCarried()' },
  template: `
    <div class="top">
      @if (targets().length > 0) {
        <button
          type="button"
          class="grip"
          aria-describedby="board-how"
          [attr.aria-label]="'Move task ' + task().number + ', ' + task().title"
          [attr.aria-pressed]="isCarried()"
          title="Drag, or press Space and use the arrow keys"
          (keydown)="keyPressed($event)"
          (click)="picked.emit()"
          (blur)="blurred()"
        ></button>
      }
      <span class="facts">
        <span class="tabular">#{{ task().number }}</span>
        @if (task().priority !== 'medium') {
          <ct-badge [tone]="task().priority === 'high' ? 'amber' : 'neutral'">{{ task().priority }}</ct-badge>
        }
        @if (isFinished() && task().state !== 'done') {
          <ct-badge [tone]="state().tone">{{ state().words }}</ct-badge>
        }
        @if (task().deadline; as deadline) {
          <ct-deadline [at]="deadline" [isFinished]="isFinished()" />
        }
      </span>
      @if (targets().length > 0) {
        <button
          type="button"
          ctButton="quiet"
          size="small"
          icon
          class="more"
          [attr.aria-label]="'Where task ' + task().number + ' can go'"
          title="Where it can go"
          [cdkMenuTriggerFor]="menu"
        >
          <svg lucideEllipsis [size]="16"></svg>
        </button>
      }
    </div>
    <h4>
      <a draggable="false" [routerLink]="[]" [queryParams]="query()" queryParamsHandling="merge">{{ task().title }}</a>
    </h4>
    @if (task().issue?.title; as said) {
      <p class="who">{{ said }}</p>
    }
    <ct-task-words [task]="task()" />
    <ct-conflict-flag [taskId]="task().id" />
    @if (waitsFor(); as owner) {
      <p class="asks"><svg lucideHand [size]="12"></svg>waits for {{ owner }}</p>
    }
    @if (holder(); as holder) {
      <p class="who">
        <ct-avatar [name]="holder.name" kind="agent" [ring]="ring()" [size]="20" decorative />
        <span>{{ holder.name }}</span>
      </p>
    }
    @if (percent() !== null) {
      <div
        class="bar"
        role="progressbar"
        [attr.aria-label]="'Progress of ' + task().title"
        [attr.aria-valuenow]="percent()"
        aria-valuemin="0"
        aria-valuemax="100"
      >
        <div [style.inline-size.%]="percent()"></div>
      </div>
    }
    <ng-template #menu>
      <div class="menu" cdkMenu>
        @for (place of targets(); track nameOf(place)) {
          <button type="button" class="item" cdkMenuItem (cdkMenuItemTriggered)="sent.emit(place)">
            {{ nameOf(place) }}
          </button>
        }
      </div>
    </ng-template>
  `,
  styleUrls: ['../../shared/menu.css', './board-card.css'],
})
export class BoardCard {
  private readonly approvals = inject(Approvals);
  private readonly carrying = inject(Carrying);
  private readonly element = inject<ElementRef<HTMLElement>>(ElementRef);
  private readonly store = inject(RoomStore);

  readonly task = input.required<Task>();
  /** Where it can be moved to. */
  readonly targets = input.required<readonly Place[]>();
  /** Picked up, or let go of, by its grip. */
  readonly picked = output();
  readonly sent = output<Place>();

  protected readonly nameOf = nameOf;
  protected readonly state = computed(() => taskState(this.task().state));
  protected readonly isFinished = computed(() => FINISHED_TASK_STATES.includes(this.task().state));
  protected readonly query = computed(() => queryOf({ work: 'tasks', task: this.task().number }));
  protected readonly holder = computed(() => this.task().lease?.holder ?? this.task().assignedTo);
  protected readonly ring = computed(() => this.store.seatById().get(this.holder()?.id ?? '')?.ring ?? 'disconnected');
  protected readonly percent = computed(() => (this.task().lease ? (this.task().progress?.percent ?? null) : null));
  protected readonly isCarried = computed(() => this.carrying.task()?.id === this.task().id);
  protected readonly waitsFor = computed(() => {
    const asked = this.approvals.waiting().find(({ taskId }) => taskId === this.task().id);
    return asked ? (asked.owner.id === this.store.readerId() ? 'you' : asked.owner.name) : '';
  });

  focus(): void {
    this.element.nativeElement.querySelector<HTMLElement>('.grip, a')?.focus();
  }

  hasFocus(): boolean {
    return this.element.nativeElement.matches(':focus-within');
  }

  protected keyPressed(event: KeyboardEvent): void {
    const isOwn =
      event.key === 'Escape'
        ? this.isCarried()
        : this.isCarried() && /^Arrow/.test(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (!isOwn) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') {
      this.carrying.leave();
    } else {
      this.carrying.move(event.key);
    }
  }

  /** Whoever goes elsewhere has let go of it. */
  protected blurred(): void {
    if (this.isCarried() && this.carrying.over()) {
      this.carrying.leave();
    }
  }
}
