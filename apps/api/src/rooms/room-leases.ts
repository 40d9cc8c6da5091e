import { Injectable } from '@nestjs/common';
import type { AgentCaller } from '../platform/caller.js';

/** A lease as whoever says to hold it names it. */
export interface NamedLease {
  readonly roomId: string;
  readonly taskId: string;
  readonly leaseId: string;
}

/** What an agent pushes: for which of its leases, if it says so, and to which branch, once that is known. */
export interface AgentPush {
  readonly roomId: string;
  readonly lease: Omit<NamedLease, 'roomId'> | null;
  readonly branch: string | null;
}

/** Who knows of the leases; the tasks feature does. */
export interface LeaseKeeper {
  /**
   * Refuses with `lease_lost` unless the agent holds what it pushes for: the lease that it names, which is then extended, or else any in
   * the room; and, where the branch is the work of unfinished tasks, one of those.
   */
  requireForPush(caller: AgentCaller, push: AgentPush): Promise<void>;
}

/** Lets features make what an agent does depend on a lease without knowing of tasks. */
@Injectable()
export class RoomLeases {
  private keeper: LeaseKeeper | undefined;

  contribute(keeper: LeaseKeeper): void {
    this.keeper = keeper;
  }

  /** Makes sure that an agent may push by what it holds right now. */
  async requireForPush(caller: AgentCaller, push: AgentPush): Promise<void> {
    if (!this.keeper) {
      throw new Error('Nobody knows of the leases');
    }
    await this.keeper.requireForPush(caller, push);
  }
}
