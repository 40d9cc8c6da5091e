import { CdkDrag, type CdkDragDrop, CdkDropList, CdkDropListGroup } from '@angular/cdk/drag-drop';
import {
  Component,
  DOCUMENT,
  DestroyRef,
  Injector,
  afterNextRender,
  computed,
  effect,
  inject,
  untracked,
  viewChildren,
} from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, RouterLink } from '@angular/router';
import type { Task } from '@clawtank/contracts';
import { LucideMessageSquare, LucidePlus } from '../../shared/icon/icons';
import { Button } from '../../shared/button';
import { StateMessage } from '../../shared/state/state-message';
import { AskForTask } from '../dialogs/ask-for-task';
import { RoomStore } from '../state/room-store';
import { BoardCard } from './board-card';
import { BoardFilters } from './board-filters';
import { BoardIssues } from './board-issues';
import { type Column, type Lane, type Place, columnsOf, nameOf } from './board-lanes';
import { boardQuery, narrowed } from './board-query';
import { type Step, meaningOf, stepTo } from './board-steps';
import { Carrying } from './carrying';
import { StepTaker } from './step-taker';

/** A finger that rests this long means the card and not the page. */
const TOUCH_DELAY = { touch: 300, mouse: 0 };

/** The room's tasks by how far they are. To move a card is to take a real step; where there is none, the board says why. */
@Component({
  selector: 'ct-task-board',
  imports: [
    BoardCard,
    BoardFilters,
    BoardIssues,
    Button,
    CdkDrag,
    CdkDropList,
    CdkDropListGroup,
    LucideMessageSquare,
    LucidePlus,
    RouterLink,
    StateMessage,
  ],
  providers: [AskForTask, Carrying, StepTaker],
  templateUrl: './task-board.html',
  styleUrl: './task-board.css',
})
export class TaskBoard {
  private readonly destroyRef = inject(DestroyRef);
  private readonly document = inject(DOCUMENT);
  private readonly injector = inject(Injector);
  private readonly steps = inject(StepTaker);
  private readonly cards = viewChildren(BoardCard);
  protected readonly asking = inject(AskForTask);
  protected readonly carrying = inject(Carrying);
  protected readonly store = inject(RoomStore);
  private readonly params = toSignal(inject(ActivatedRoute).queryParams, { requireSync: true });

  protected readonly touchDelay = TOUCH_DELAY;
  protected readonly calledOff: Place = { column: 'cancelled' };
  protected readonly query = computed(() => boardQuery(this.params()));
  private readonly tasks = computed(() => this.store.state()?.tasks ?? []);
  private readonly found = computed(() => narrowed(this.tasks(), this.query()));
  private readonly agents = computed(() =>
    this.store.seats().flatMap(({ id, name, type }) => (type === 'agent' ? [{ id, name }] : [])),
  );
  protected readonly columns = computed(() => columnsOf(this.found(), this.agents()));
  protected readonly isEmpty = computed(() => this.tasks().length === 0);
  protected readonly foundNothing = computed(() => !this.isEmpty() && this.found().length === 0);
  private readonly allowed = computed(() => ({
    toChange: this.store.can('create_task'),
    toReview: this.store.can('merge'),
  }));
  /** What would happen where a card is held by the keyboard. */
  protected readonly meaning = computed(() => {
    const [task, over] = [this.carrying.task(), this.carrying.over()];
    return task && over ? { place: nameOf(over), what: meaningOf(this.stepOf(task, over), task) } : null;
  });

  constructor() {
    effect(() => {
      this.columns();
      untracked(() => this.keepFocus());
    });
  }

  protected readonly stepOf = (task: Task, place: Place): Step => stepTo(task, place, this.allowed());

  /** Where a card can go. */
  protected targetsOf(task: Task): Place[] {
    const places = [...this.columns().flatMap(({ lanes }) => lanes.map(({ place }) => place)), this.calledOff];
    return places.filter((place) => !['none', 'stay'].includes(this.stepOf(task, place).kind));
  }

  /** Why the card that is on its way cannot lie in this lane; empty if it can, or if none is on its way. */
  protected whyNot(lane: Lane): string {
    const task = this.carrying.task();
    const step = task && this.stepOf(task, lane.place);
    return step?.kind === 'none' ? step.why : '';
  }

  /** The same for a column, if there is no place for it in any of its lanes. */
  protected whyNowhere({ lanes }: Column): string {
    const reasons = lanes.map((lane) => this.whyNot(lane));
    return reasons.every(Boolean) ? (reasons[0] ?? '') : '';
  }

  protected readonly mayEnter = ({ data: task }: CdkDrag<Task>, { data: place }: CdkDropList<Place>): boolean =>
    this.stepOf(task, place).kind !== 'none';

  protected dropped({ item, container }: CdkDragDrop<Place, Place, Task>): void {
    this.carrying.end();
    void this.take(item.data, this.stepOf(item.data, container.data));
  }

  protected send(task: Task, place: Place): void {
    void this.take(task, this.stepOf(task, place));
  }

  /** By its grip: picked up, or dropped where it is held. */
  protected pick(task: Task): void {
    if (this.carrying.task()?.id !== task.id) {
      const lanes = this.columns().flatMap((column: Column) => column.lanes);
      this.carrying.pickUp(task, lanes, this.stepOf);
      return;
    }
    const step = this.carrying.drop();
    if (step) {
      void this.take(task, step);
    }
  }

  private async take(task: Task, step: Step): Promise<void> {
    if (step.kind === 'stay') {
      this.carrying.say(`Task ${task.number} stays where it was.`);
      return;
    }
    const done = await this.steps.take(task, step);
    this.carrying.say(done || `Task ${task.number} stays where it was.`);
    this.whenShown(() => {
      // The card may have gone to another column while a dialog had the focus, which then could not give it back.
      if (this.document.activeElement === this.document.body) {
        this.cardOf(task.id)?.focus();
      }
    });
  }

  /** Whoever was at a card that comes to lie elsewhere goes with it. */
  private keepFocus(): void {
    const id = this.cards()
      .find((card) => card.hasFocus())
      ?.task().id;
    if (id !== undefined) {
      this.whenShown(() => {
        const card = this.cardOf(id);
        if (card && !card.hasFocus()) {
          card.focus();
        }
      });
    }
  }

  private cardOf(id: string): BoardCard | undefined {
    return this.cards().find((card) => card.task().id === id);
  }

  /** Not at all if the reader has left the board meanwhile. */
  private whenShown(act: () => void): void {
    if (!this.destroyRef.destroyed) {
      afterNextRender(act, { injector: this.injector });
    }
  }
}
