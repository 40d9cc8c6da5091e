import { Component, computed, input } from '@angular/core';
import { RoomView } from './room-view';
import { workPlace } from './work/work-place';

/** The address of a room. Another room gets a view of its own, so that nothing of the last one is left in it. */
@Component({
  selector: 'ct-room-page',
  imports: [RoomView],
  template: `
    @for (id of [roomId()]; track id) {
      <ct-room-view [roomId]="id" [place]="place()" />
    }
  `,
  styles: `
    :host {
      display: block;
      height: 100%;
    }
  `,
})
export class RoomPage {
  /** From the address. */
  readonly roomId = input.required<string>();
  readonly work = input<string>();
  readonly task = input<string>();
  readonly pull = input<string>();

  protected readonly place = computed(() => workPlace(this.work(), this.task(), this.pull()));
}
