import { Injectable } from '@nestjs/common';
import type { AgentCaller } from '../platform/caller.js';

/** A lease as whoever says to hold it names it. */
export interface NamedLease {
  readonly roomId: string;
  readonly taskId: string;
  readonly leaseId: string;
}

/** Who knows of the leases; the tasks feature does. */
export interface LeaseKeeper {
  /** Extends the lease if it is the caller's living one, and refuses with `lease_lost` otherwise. */
  renew(caller: AgentCaller, lease: NamedLease): Promise<unknown>;
}

/** Lets features make what an agent does depend on a lease without knowing of tasks. */
@Injectable()
export class RoomLeases {
  private keeper: LeaseKeeper | undefined;

  contribute(keeper: LeaseKeeper): void {
    this.keeper = keeper;
  }

  /** Makes sure of a lease, for the whole time that a lease is given for. */
  async renew(caller: AgentCaller, lease: NamedLease): Promise<void> {
    if (!this.keeper) {
      throw new Error('Nobody knows of the leases');
    }
    await this.keeper.renew(caller, lease);
  }
}
