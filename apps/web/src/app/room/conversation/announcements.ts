import { Component, DestroyRef, inject, signal } from '@angular/core';
import { inOneLine } from '../message/in-one-line';
import { RoomStore } from '../state/room-store';

const MOST = 5;

/**
 * Reads out what others say, once, when it comes: who, and how it begins. The log itself is silent, because it also grows
 * when the past is read, and changes when messages are edited.
 */
@Component({
  selector: 'ct-announcements',
  host: { class: 'visually-hidden', 'aria-live': 'polite', 'aria-relevant': 'additions' },
  template: `
    @for (line of lines(); track line.id) {
      <p>{{ line.text }}</p>
    }
  `,
})
export class Announcements {
  private readonly store = inject(RoomStore);
  protected readonly lines = signal<readonly { readonly id: string; readonly text: string }[]>([]);

  constructor() {
    const stop = this.store.follow((event) => {
      if (event.type === 'chat.message' && event.actor.id !== this.store.readerId()) {
        const { id, author, threadId } = event.data.message;
        const said = inOneLine(event.data.message);
        const text = `${author.name}${threadId ? ', in a thread' : ''}: ${said}`;
        this.lines.update((lines) => [...lines, { id, text }].slice(-MOST));
      } else if (event.type === 'chat.deleted') {
        this.lines.update((lines) => lines.filter(({ id }) => id !== event.data.messageId));
      }
    });
    inject(DestroyRef).onDestroy(stop);
  }
}
