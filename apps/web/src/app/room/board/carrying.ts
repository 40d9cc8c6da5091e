import { LiveAnnouncer } from '@angular/cdk/a11y';
import { Service, computed, inject, signal } from '@angular/core';
import type { Task } from '@clawtank/contracts';
import { type Lane, type Place, isSamePlace, nameOf, placeOf } from './board-lanes';
import { type Step, meaningOf } from './board-steps';

/** How the board tells what a place means for a card. */
export type StepOf = (task: Task, place: Place) => Step;

/** A card that is on its way, by keyboard or by hand. Says aloud where it is and what would happen there. */
@Service({ autoProvided: false })
export class Carrying {
  private readonly announcer = inject(LiveAnnouncer);
  private readonly carried = signal<{ readonly task: Task; readonly over: Place | null } | null>(null);
  private places: readonly Place[] = [];
  private stepOf: StepOf = () => ({ kind: 'stay' });

  readonly task = computed(() => this.carried()?.task ?? null);
  /** Where it is held by keyboard; null while it is dragged. */
  readonly over = computed(() => this.carried()?.over ?? null);

  isOver(place: Place): boolean {
    const over = this.over();
    return over !== null && isSamePlace(over, place);
  }

  /** By hand: the pointer shows where it is. */
  drag(task: Task): void {
    this.carried.set({ task, over: null });
  }

  /** By keyboard, beginning where the card lies. */
  pickUp(task: Task, lanes: readonly Lane[], stepOf: StepOf): void {
    this.places = [...lanes.map(({ place }) => place), { column: 'cancelled' }];
    this.stepOf = stepOf;
    this.carried.set({ task, over: placeOf(task) });
    this.say(`Task ${task.number} picked up. Arrow keys move it, Space drops it, Escape leaves it where it was.`);
  }

  /** To the next place in a direction; to the next column, or, up and down, to the next row of the same column. */
  move(key: string): boolean {
    const carried = this.carried();
    if (!carried?.over) {
      return false;
    }
    const next = this.beside(carried.over, key);
    if (next) {
      this.carried.set({ ...carried, over: next });
      this.say(`${nameOf(next)}. ${meaningOf(this.stepOf(carried.task, next), carried.task)}`);
    }
    return next !== undefined;
  }

  /** Lets go of it where it is, if that means a step; otherwise says why not. */
  drop(): Step | null {
    const carried = this.carried();
    if (!carried?.over) {
      return null;
    }
    const step = this.stepOf(carried.task, carried.over);
    if (step.kind === 'none') {
      this.say(meaningOf(step, carried.task));
      return null;
    }
    this.carried.set(null);
    return step;
  }

  /** It stays where it was. */
  leave(): void {
    const task = this.task();
    if (task) {
      this.carried.set(null);
      this.say(`Task ${task.number} stays where it was.`);
    }
  }

  /** It was dropped by hand. */
  end(): void {
    this.carried.set(null);
  }

  say(words: string): void {
    void this.announcer.announce(words, 'assertive');
  }

  private beside(over: Place, key: string): Place | undefined {
    const at = this.places.findIndex((place) => isSamePlace(place, over));
    const isRow = (place: Place | undefined) => place?.column === over.column;
    const [before, after] = [this.places[at - 1], this.places[at + 1]];
    switch (key) {
      case 'ArrowUp':
        return isRow(before) ? before : undefined;
      case 'ArrowDown':
        return isRow(after) ? after : undefined;
      case 'ArrowRight':
        return this.places.slice(at).find((place) => !isRow(place));
      case 'ArrowLeft': {
        const column = this.places.slice(0, at).findLast((place) => !isRow(place))?.column;
        return this.places.find((place) => place.column === column);
      }
      default:
        return undefined;
    }
  }
}
