import { Logger } from '@nestjs/common';
import { type Bus, type BusListener, deliver } from './bus.js';

/** The bus of a single process. Listeners are called after the publisher's turn, with a copy, as they would be over a network. */
export class MemoryBus implements Bus {
  private readonly logger = new Logger(MemoryBus.name);
  private readonly listeners = new Map<string, Set<BusListener>>();

  publish(channel: string, message: unknown): Promise<void> {
    const listeners = this.listeners.get(channel);
    if (listeners) {
      const text = JSON.stringify(message);
      queueMicrotask(() => deliver(text, listeners, this.logger));
    }
    return Promise.resolve();
  }

  /** There are no others. */
  publishToOthers(): Promise<void> {
    return Promise.resolve();
  }

  subscribe(channel: string, listener: BusListener): Promise<() => Promise<void>> {
    const listeners = this.listeners.get(channel) ?? new Set<BusListener>();
    listeners.add(listener);
    this.listeners.set(channel, listeners);
    return Promise.resolve(() => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.listeners.get(channel) === listeners) {
        this.listeners.delete(channel);
      }
      return Promise.resolve();
    });
  }

  /** It is never away. */
  onReturn(): void {}

  close(): Promise<void> {
    this.listeners.clear();
    return Promise.resolve();
  }
}
