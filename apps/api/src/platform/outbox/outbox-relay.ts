import { type BeforeApplicationShutdown, Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DomainEvent, DomainEventName } from '../../events/domain-events.js';
import { BUS, type Bus } from '../bus/bus.js';
import { SETTINGS, type Settings } from '../config/settings.js';
import { DiscoveredMethods } from '../discovered-methods.js';
import { DOMAIN_EVENT_LISTENER } from './on-domain-event.js';
import { OutboxSignal } from './outbox-signal.js';

type Listener = (data: DomainEvent['data']) => Promise<void>;

interface OutboxRow {
  id: string;
  name: DomainEventName;
  data: DomainEvent['data'];
  attempts: number;
}

const CHANNEL = 'outbox';
const IDLE_LOOK_MS = 1000;
const MAX_BACKOFF_MS = 60_000;

/**
 * Hands the outbox to its listeners, in order and at least once. A listener that fails is tried again, later and later;
 * the events behind it go on. Several processes may relay at once: each takes rows that no other holds.
 */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OutboxRelay.name);
  private readonly listeners = new Map<DomainEventName, Listener[]>();
  private isStopping = false;
  private isDue = true;
  private wake: () => void = () => undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly dataSource: DataSource,
    private readonly methods: DiscoveredMethods,
    private readonly signal: OutboxSignal,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (this.settings.role === 'api') {
      this.signal.onRaised(() => void this.bus.publish(CHANNEL, null));
      return;
    }
    this.discoverListeners();
    this.signal.onRaised(() => this.look());
    await this.bus.subscribe(CHANNEL, () => this.look());
    this.running = this.relay();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.look();
    await this.running;
  }

  private look(): void {
    this.isDue = true;
    this.wake();
  }

  private async relay(): Promise<void> {
    while (!this.isStopping) {
      this.isDue = false;
      const handled = await this.relayOne().catch((error: unknown) => {
        this.logger.error(error);
        return false;
      });
      if (!handled && !this.isDue && !this.isStopping) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, IDLE_LOOK_MS);
          this.wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
    }
  }

  /** Handles the oldest due event; false if there is none. The row's lock keeps other relays away until it is settled. */
  private relayOne(): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const [row] = await manager.query<OutboxRow[]>(
        `SELECT id, name, data, attempts FROM outbox WHERE next_attempt_at <= now()
         ORDER BY next_attempt_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
      );
      if (!row) {
        return false;
      }
      try {
        for (const listener of this.listeners.get(row.name) ?? []) {
          await listener(row.data);
        }
        await manager.query(`DELETE FROM outbox WHERE id = $1`, [row.id]);
      } catch (error) {
        this.logger.error(error);
        const backoff = Math.min(MAX_BACKOFF_MS, 250 * 2 ** row.attempts);
        await manager.query(
          `UPDATE outbox SET attempts = attempts + 1, last_error = $2, next_attempt_at = now() + $3 * interval '1 millisecond' WHERE id = $1`,
          [row.id, error instanceof Error ? error.message : String(error), backoff],
        );
      }
      return true;
    });
  }

  private discoverListeners(): void {
    for (const { mark, call } of this.methods.markedBy<DomainEventName>(DOMAIN_EVENT_LISTENER)) {
      this.listeners.set(mark, [...(this.listeners.get(mark) ?? []), call as Listener]);
    }
  }
}
