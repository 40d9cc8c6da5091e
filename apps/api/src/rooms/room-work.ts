import type { Approval, Lease, Task } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** What the tasks of a room say that is in no snapshot; the tasks feature answers. */
interface Answers {
  /** The leases that the agent holds in the room. */
  leasesOf(roomId: string, agentId: string): Promise<Lease[]>;
  /** What was ever asked leave for; null if there is no such thing in the room. */
  approval(roomId: string, approvalId: string): Promise<Approval | null>;
  /** The tasks of the room whose work a person has approved, and that are not done. */
  approvedIn(roomId: string, manager: EntityManager): Promise<Task[]>;
}

/** Lets features ask about the work in a room. */
@Injectable()
export class RoomWork {
  private answers: Answers = {
    leasesOf: () => Promise.resolve([]),
    approval: () => Promise.resolve(null),
    approvedIn: () => Promise.resolve([]),
  };

  contribute(answers: Answers): void {
    this.answers = answers;
  }

  leasesOf(roomId: string, agentId: string): Promise<Lease[]> {
    return this.answers.leasesOf(roomId, agentId);
  }

  approval(roomId: string, approvalId: string): Promise<Approval | null> {
    return this.answers.approval(roomId, approvalId);
  }

  approvedIn(roomId: string, manager: EntityManager): Promise<Task[]> {
    return this.answers.approvedIn(roomId, manager);
  }
}
