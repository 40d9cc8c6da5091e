import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BUS, type Bus } from '../platform/bus/bus.js';
import { Refusal } from '../platform/errors/refusal.js';
import type { Connection } from '../platform/sockets/connection.js';
import { ConnectionHooks } from '../platform/sockets/connection-hooks.js';

interface Generation {
  readonly agentId: string;
  readonly generation: number;
}

const CHANNEL = 'agents:generation';
const TAKEN_OVER = 'Another instance of this agent has taken over';

/**
 * Of several runs of one agent the newest lives: the others are told that they are superseded, on whatever process they are. Runs are
 * numbered by the database, so that of two that come at the same time exactly one remains.
 */
@Injectable()
export class AgentInstances implements OnModuleInit {
  /** The registered connections of this process. */
  private readonly living = new Map<Connection, Generation>();

  constructor(
    private readonly dataSource: DataSource,
    @Inject(BUS) private readonly bus: Bus,
    hooks: ConnectionHooks,
  ) {
    hooks.add({ closed: (connection) => this.living.delete(connection) });
  }

  async onModuleInit(): Promise<void> {
    await this.bus.subscribe(CHANNEL, (message) => this.retire(message as Generation));
  }

  /** Makes this connection's run the living one. Refused with `superseded` if a newer one came meanwhile. */
  async take(connection: Connection, agentId: string, instance: string): Promise<void> {
    const [[row]] = await this.dataSource.query<[{ generation: number }[], number]>(
      `UPDATE agents SET generation = generation + (instance IS DISTINCT FROM $2)::integer, instance = $2
        WHERE id = $1 RETURNING generation`,
      [agentId, instance],
    );
    const generation = row?.generation ?? 0;
    if (connection.isOpen) {
      this.living.set(connection, { agentId, generation });
    }
    await this.bus.publish(CHANNEL, { agentId, generation } satisfies Generation);
    // A newer run may have been announced before this one was known here.
    if ((await this.newest(agentId)) > generation) {
      connection.close(TAKEN_OVER, 'superseded');
      throw new Refusal('superseded', TAKEN_OVER);
    }
  }

  private retire({ agentId, generation }: Generation): void {
    for (const [connection, one] of this.living) {
      if (one.agentId === agentId && one.generation < generation) {
        connection.close(TAKEN_OVER, 'superseded');
      }
    }
  }

  private async newest(agentId: string): Promise<number> {
    const [row] = await this.dataSource.query<{ generation: number }[]>(`SELECT generation FROM agents WHERE id = $1`, [
      agentId,
    ]);
    return row?.generation ?? 0;
  }
}
