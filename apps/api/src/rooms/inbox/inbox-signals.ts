import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BUS, type Bus } from '../../platform/bus/bus.js';
import type { Connection } from '../../platform/sockets/connection.js';
import { ConnectionHooks } from '../../platform/sockets/connection-hooks.js';

export interface InboxHead {
  readonly agentId: string;
  readonly epoch: string;
  readonly head: number;
}

/** Is told that something came into an agent's inbox; it may have heard of it already. */
export type InboxListener = (head: InboxHead) => void;

const CHANNEL = 'inboxes';
/** What nobody announced, because the process that should have was killed, is found this soon. */
const SWEEP_MS = 5000;

/** Tells agents that are here, over whatever line, that something came for them. A hint: what came is in the inbox. */
@Injectable()
export class InboxSignals implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(InboxSignals.name);
  private readonly listeners = new Map<string, Set<InboxListener>>();
  /** The last head that was told here of agents that are listened for. */
  private readonly told = new Map<string, string>();
  private readonly connections = new Map<Connection, () => void>();
  private readonly sweeper = setInterval(() => void this.sweep(), SWEEP_MS).unref();

  constructor(
    private readonly dataSource: DataSource,
    @Inject(BUS) private readonly bus: Bus,
    hooks: ConnectionHooks,
  ) {
    hooks.add({
      opened: (connection) => this.attend(connection),
      closed: (connection) => {
        this.connections.get(connection)?.();
        this.connections.delete(connection);
      },
    });
  }

  async onModuleInit(): Promise<void> {
    await this.bus.subscribe(CHANNEL, (heads) => (heads as InboxHead[]).forEach((head) => this.tell(head)));
    this.bus.onReturn(() => void this.sweep());
  }

  onApplicationShutdown(): void {
    clearInterval(this.sweeper);
  }

  announce(heads: readonly InboxHead[]): void {
    void this.bus.publish(CHANNEL, heads);
  }

  /** Calls `listener` whenever something came for the agent, until the returned function is called. */
  listen(agentId: string, listener: InboxListener): () => void {
    const listeners = this.listeners.get(agentId) ?? new Set();
    this.listeners.set(agentId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.listeners.get(agentId) === listeners) {
        this.listeners.delete(agentId);
        this.told.delete(agentId);
      }
    };
  }

  private attend(connection: Connection): void {
    if (connection.caller.type === 'agent') {
      const tell: InboxListener = ({ epoch, head }) => connection.push('inbox', { epoch, head });
      this.connections.set(connection, this.listen(connection.caller.agentId, tell));
    }
  }

  private tell(head: InboxHead): void {
    const listeners = this.listeners.get(head.agentId);
    if (listeners) {
      this.told.set(head.agentId, placeOf(head));
      listeners.forEach((listener) => listener(head));
    }
  }

  private async sweep(): Promise<void> {
    const agentIds = [...this.listeners.keys()];
    if (agentIds.length === 0) {
      return;
    }
    try {
      const rows = await this.dataSource.query<{ agent_id: string; epoch: string; last_number: string }[]>(
        `SELECT agent_id, epoch, last_number FROM agent_inboxes
         WHERE agent_id = ANY ($1::uuid[]) AND last_number > acknowledged`,
        [agentIds],
      );
      rows
        .map(({ agent_id: agentId, epoch, last_number }) => ({ agentId, epoch, head: Number(last_number) }))
        .filter((head) => this.told.get(head.agentId) !== placeOf(head))
        .forEach((head) => this.tell(head));
    } catch (error) {
      this.logger.error(error); // the next sweep tries again
    }
  }
}

const placeOf = ({ epoch, head }: InboxHead): string => `${epoch} ${head}`;
