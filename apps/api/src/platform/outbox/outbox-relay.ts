import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
} from '@nestjs/common';
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
 * Hands the outbox to its listeners, in order and at least once. An event of which a listener fails is tried again, later and
 * later; its other listeners and the events behind it go on. Several processes may relay at once: each takes rows that no
 * other holds.
 */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(OutboxRelay.name);
  private readonly listeners = new Map<DomainEventName, Listener[]>();
  private isStopping = false;
  private isDue = true;
  private wake: () => void = () => undefined;
  private running: Promise<void> = Promise.resolve();
  /**
   * The one connection that holds the lock of the event at hand. It is not of the pool: listeners take theirs from there, and
   * would wait for each other once every connection of a small pool were held by somebody who needs another.
   */
  private readonly holder: DataSource;

  constructor(
    private readonly methods: DiscoveredMethods,
    private readonly signal: OutboxSignal,
    @Inject(BUS) private readonly bus: Bus,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    this.holder = new DataSource({
      type: 'postgres',
      url: settings.databaseUrl,
      poolSize: 1,
      applicationName: 'clawtank outbox',
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    if (this.settings.role === 'api') {
      this.signal.onRaised(() => void this.bus.publish(CHANNEL, null));
      return;
    }
    this.discoverListeners();
    this.signal.onRaised(() => this.look());
    await this.bus.subscribe(CHANNEL, () => this.look());
    await this.holder.initialize();
    this.running = this.relay();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.look();
    await this.running;
    if (this.holder.isInitialized) {
      await this.holder.destroy();
    }
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
    return this.holder.transaction(async (manager) => {
      const [row] = await manager.query<OutboxRow[]>(
        `SELECT id, name, data, attempts FROM outbox WHERE next_attempt_at <= now()
         ORDER BY next_attempt_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
      );
      if (!row) {
        return false;
      }
      const failures = await this.tell(row);
      if (failures.length === 0) {
        await manager.query(`DELETE FROM outbox WHERE id = $1`, [row.id]);
      } else {
        const backoff = Math.min(MAX_BACKOFF_MS, 250 * 2 ** row.attempts);
        await manager.query(
          `UPDATE outbox SET attempts = attempts + 1, last_error = $2, next_attempt_at = clock_timestamp() + $3 * interval '1 millisecond'
           WHERE id = $1`,
          [row.id, failures.join('\n'), backoff],
        );
      }
      return true;
    });
  }

  /** Calls every listener of the event, one after the other, and answers what went wrong. */
  private async tell({ name, data }: OutboxRow): Promise<string[]> {
    const failures: string[] = [];
    for (const listener of this.listeners.get(name) ?? []) {
      try {
        await listener(data);
      } catch (error) {
        this.logger.error(error);
        failures.push(error instanceof Error ? error.message : String(error));
      }
    }
    return failures;
  }

  private discoverListeners(): void {
    for (const { mark, call } of this.methods.markedBy<DomainEventName>(DOMAIN_EVENT_LISTENER)) {
      this.listeners.set(mark, [...(this.listeners.get(mark) ?? []), call as Listener]);
    }
  }
}
