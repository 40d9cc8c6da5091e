import { Service, signal } from '@angular/core';

/** A place in the room's log that is to be shown; each jump is a new one, also to the same place. */
export interface JumpTarget {
  readonly seq: number;
}

/** Where the conversation is asked to go, by a permalink, a quote, a pin or the first unread message. */
@Service({ autoProvided: false })
export class Jump {
  private readonly current = signal<JumpTarget | null>(null);
  readonly target = this.current.asReadonly();

  to(seq: number): void {
    this.current.set({ seq });
  }
}
