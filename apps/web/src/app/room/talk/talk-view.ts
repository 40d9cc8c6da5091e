import { Component, effect, inject, untracked } from '@angular/core';
import { WaitingApprovals } from '../approvals/waiting-approvals';
import { Composer } from '../composer/composer';
import { Conversation } from '../conversation/conversation';
import { PinsPanel } from '../pins/pins-panel';
import { SpectatorsPanel } from '../spectators/spectators-panel';
import { Jump } from '../state/jump';
import { ThreadPanel } from '../thread/thread-panel';
import { Drawers } from './drawers';
import { Talk } from './talk';

/** The conversation and where one writes, with a thread or the pinned messages over the side. */
@Component({
  selector: 'ct-talk',
  imports: [Composer, Conversation, PinsPanel, SpectatorsPanel, ThreadPanel, WaitingApprovals],
  providers: [Talk],
  template: `
    <ct-conversation #conversation />
    <ct-waiting-approvals (answered)="talk.toComposer()" />
    <ct-composer (sent)="conversation.toEnd()" />
    @if (drawers.threadId(); as threadId) {
      <ct-thread-panel [threadId]="threadId" />
    } @else if (drawers.showsPins()) {
      <ct-pins-panel />
    } @else if (drawers.showsSpectators()) {
      <ct-spectators-panel />
    }
  `,
  styles: `
    :host {
      display: contents;
    }

    ct-waiting-approvals {
      padding: 0 var(--space-4) var(--space-2);
    }
  `,
})
export class TalkView {
  private readonly jump = inject(Jump);
  protected readonly talk = inject(Talk);
  protected readonly drawers = inject(Drawers);

  constructor() {
    effect(() => {
      const seq = this.drawers.message();
      untracked(() => seq !== null && this.jump.to(seq));
    });
    let wasOpen = false;
    effect(() => {
      // Who closes a drawer is back in the room.
      const isOpen = this.drawers.threadId() !== null || this.drawers.showsPins() || this.drawers.showsSpectators();
      if (wasOpen && !isOpen) {
        untracked(() => this.talk.toComposer());
      }
      wasOpen = isOpen;
    });
  }
}
