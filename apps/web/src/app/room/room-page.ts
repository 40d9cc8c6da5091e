import { Component, computed, input } from '@angular/core';
import { RoomView } from './room-view';
import { settingsPlace } from './settings/settings-place';
import { workPlace } from './work/work-place';

/** The address of a room. Another room gets a view of its own, so that nothing of the last one is left in it. */
@Component({
  selector: 'ct-room-page',
  imports: [RoomView],
  template: `
    @for (id of [roomId()]; track id) {
      <ct-room-view [roomId]="id" [place]="place()" [settingsSection]="section()" [isBoard]="view() === 'board'" />
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
  /** What is shown in place of the conversation. */
  readonly view = input<string>();
  readonly work = input<string>();
  readonly task = input<string>();
  readonly pull = input<string>();
  readonly agent = input<string>();
  readonly at = input<string>();
  readonly kind = input<string>();
  readonly by = input<string>();
  readonly settings = input<string>();

  protected readonly place = computed(() =>
    workPlace({
      work: this.work(),
      task: this.task(),
      pull: this.pull(),
      agent: this.agent(),
      at: this.at(),
      kind: this.kind(),
      by: this.by(),
    }),
  );
  protected readonly section = computed(() => settingsPlace(this.settings()));
}
