import { Injectable } from '@nestjs/common';

/** Tells the relay that something was just stored in the outbox, so that it need not wait for its next look. */
@Injectable()
export class OutboxSignal {
  private readonly listeners = new Set<() => void>();

  raise(): void {
    for (const listener of this.listeners) {
      listener();
    }
  }

  onRaised(listener: () => void): void {
    this.listeners.add(listener);
  }
}
