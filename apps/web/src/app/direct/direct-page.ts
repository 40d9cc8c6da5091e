import { Component, computed, input } from '@angular/core';
import { DirectView } from './direct-view';

/** The address of a conversation between two. Another one gets a view of its own, so that nothing of the last one is left in it. */
@Component({
  selector: 'ct-direct-page',
  imports: [DirectView],
  template: `
    @for (place of [place()]; track place) {
      <ct-direct-view [roomId]="roomId()" [memberId]="memberId()" />
    }
  `,
  styles: `
    :host {
      display: block;
      height: 100%;
    }
  `,
})
export class DirectPage {
  /** From the address. */
  readonly roomId = input.required<string>();
  readonly memberId = input.required<string>();

  protected readonly place = computed(() => `${this.roomId()}/${this.memberId()}`);
}
