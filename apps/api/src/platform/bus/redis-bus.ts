import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import type { Bus } from './bus.js';

type Listener = (message: unknown) => void;

/** The bus of several processes: Redis publish/subscribe. A lost connection loses messages, never the process. */
export class RedisBus implements Bus {
  private readonly logger = new Logger(RedisBus.name);
  private readonly listeners = new Map<string, Set<Listener>>();

  constructor(
    private readonly publisher: Redis,
    private readonly subscriber: Redis,
    private readonly prefix: string,
  ) {
    subscriber.on('message', (channel: string, text: string) => {
      const message: unknown = JSON.parse(text);
      this.listeners.get(channel)?.forEach((listener) => listener(message));
    });
  }

  async publish(channel: string, message: unknown): Promise<void> {
    try {
      await this.publisher.publish(this.prefix + channel, JSON.stringify(message));
    } catch (error) {
      this.logger.warn(`Not published to ${channel}: ${(error as Error).message}`);
    }
  }

  async subscribe(channel: string, listener: Listener): Promise<() => Promise<void>> {
    const key = this.prefix + channel;
    const known = this.listeners.get(key);
    const listeners = known ?? new Set<Listener>();
    listeners.add(listener);
    if (!known) {
      this.listeners.set(key, listeners);
      await this.subscriber.subscribe(key);
    }
    return async () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.listeners.get(key) === listeners) {
        this.listeners.delete(key);
        await this.subscriber.unsubscribe(key);
      }
    };
  }

  async close(): Promise<void> {
    this.listeners.clear();
    await Promise.allSettled([this.publisher.quit(), this.subscriber.quit()]);
  }
}
