import { Service, inject, signal } from '@angular/core';
import type { ChatMessage, RoomEvent } from '@clawtank/contracts';
import { withChatEvent } from '@clawtank/room-state';
import { toApiProblem } from '../../core/problem/api-problem';
import { History } from './history';

/** `gone`: there is no such message, or it cannot be read. */
export type Quoted = ChatMessage | 'loading' | 'gone';

/** Messages that others answer, wherever in the past they are: looked up in what was read, asked for otherwise, always as they stand now. */
@Service({ autoProvided: false })
export class Quotes {
  private readonly history = inject(History);
  private readonly fetched = signal<ReadonlyMap<string, Quoted>>(new Map());

  /** What the message says now; asks for it where it is not known yet. */
  find(id: string): Quoted {
    return this.history.message(id) ?? this.fetched().get(id) ?? 'loading';
  }

  /** Makes sure that `find` will know the message. */
  async want(id: string): Promise<void> {
    if (this.history.message(id) || this.fetched().has(id)) {
      return;
    }
    this.keep(id, 'loading');
    try {
      this.keep(id, await this.history.fetch(id));
    } catch (thrown) {
      if (toApiProblem(thrown).status === 404) {
        this.keep(id, 'gone');
      } else {
        this.fetched.update((known) => new Map([...known].filter(([one]) => one !== id)));
      }
    }
  }

  apply(event: RoomEvent): void {
    if (event.type !== 'chat.edited' && event.type !== 'chat.deleted') {
      return;
    }
    const id = event.type === 'chat.edited' ? event.data.message.id : event.data.messageId;
    const known = this.fetched().get(id);
    const [now] = typeof known === 'object' ? withChatEvent([known], event) : [];
    if (now) {
      this.keep(id, now);
    }
  }

  private keep(id: string, quoted: Quoted): void {
    this.fetched.update((known) => new Map(known).set(id, quoted));
  }
}
