import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { type Bus, type BusListener, deliver } from './bus.js';
import { disconnect } from './redis.js';

interface Channel {
  readonly listeners: Set<BusListener>;
  /** Settles when Redis has heard of the subscription, or could not be reached. */
  readonly subscribed: Promise<void>;
}

/** The bus of several processes: Redis publish/subscribe. A lost connection loses messages, never the process or a subscription. */
export class RedisBus implements Bus {
  private readonly logger = new Logger(RedisBus.name);
  private readonly channels = new Map<string, Channel>();
  private readonly returnListeners: (() => void)[] = [];

  /** `subscriber` must not subscribe again by itself: it knows nothing of what was asked while Redis was away. */
  constructor(
    private readonly publisher: Redis,
    private readonly subscriber: Redis,
    private readonly prefix: string,
  ) {
    subscriber.on('message', (key: string, text: string) =>
      deliver(text, this.channels.get(key)?.listeners ?? [], this.logger),
    );
    publisher.on('ready', () => this.returned());
    subscriber.on('ready', () => void this.listenAgain());
  }

  async publish(channel: string, message: unknown): Promise<void> {
    try {
      await this.publisher.publish(this.prefix + channel, JSON.stringify(message));
    } catch (error) {
      this.logger.warn(`Not published to ${channel}: ${(error as Error).message}`);
    }
  }

  publishToOthers(channel: string, message: unknown): Promise<void> {
    return this.publish(channel, message);
  }

  async subscribe(channel: string, listener: BusListener): Promise<() => Promise<void>> {
    const key = this.prefix + channel;
    const opened = this.channels.get(key) ?? { listeners: new Set(), subscribed: this.tell('subscribe', key) };
    this.channels.set(key, opened);
    opened.listeners.add(listener);
    await opened.subscribed;
    return async () => {
      opened.listeners.delete(listener);
      if (opened.listeners.size === 0 && this.channels.get(key) === opened) {
        this.channels.delete(key);
        await this.tell('unsubscribe', key);
      }
    };
  }

  onReturn(listener: () => void): void {
    this.returnListeners.push(listener);
  }

  async close(): Promise<void> {
    this.channels.clear();
    await Promise.all([disconnect(this.publisher), disconnect(this.subscriber)]);
  }

  private async listenAgain(): Promise<void> {
    if (this.channels.size > 0) {
      await this.tell('subscribe', ...this.channels.keys());
    }
    this.returned();
  }

  private returned(): void {
    this.returnListeners.forEach((listener) => listener());
  }

  /** What Redis does not hear now it is told when it is back. */
  private async tell(what: 'subscribe' | 'unsubscribe', ...keys: string[]): Promise<void> {
    try {
      await this.subscriber[what](...keys);
    } catch (error) {
      this.logger.warn(`Could not ${what}: ${(error as Error).message}`);
    }
  }
}
