import type { Bus } from './bus.js';

/** The bus of a single process. Listeners are called after the publisher's turn, with a copy, as they would be over a network. */
export class MemoryBus implements Bus {
  private readonly listeners = new Map<string, Set<(message: unknown) => void>>();

  publish(channel: string, message: unknown): Promise<void> {
    const listeners = this.listeners.get(channel);
    if (listeners) {
      const text = JSON.stringify(message);
      queueMicrotask(() => listeners.forEach((listener) => listener(JSON.parse(text))));
    }
    return Promise.resolve();
  }

  subscribe(channel: string, listener: (message: unknown) => void): Promise<() => Promise<void>> {
    const listeners = this.listeners.get(channel) ?? new Set();
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

  close(): Promise<void> {
    this.listeners.clear();
    return Promise.resolve();
  }
}
