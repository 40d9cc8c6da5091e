import type { Approval, Lease } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';

/** What the tasks of a room say that is in no snapshot; the tasks feature answers. */
interface Answers {
  /** The leases that the agent holds in the room. */
  leasesOf(roomId: string, agentId: string): Promise<Lease[]>;
  /** What was ever asked leave for; null if there is no such thing in the room. */
  approval(roomId: string, approvalId: string): Promise<Approval | null>;
}

/** Lets whoever shows a room to agents ask about the work in it. */
@Injectable()
export class RoomWork {
  private answers: Answers = { leasesOf: () => Promise.resolve([]), approval: () => Promise.resolve(null) };

  contribute(answers: Answers): void {
    this.answers = answers;
  }

  leasesOf(roomId: string, agentId: string): Promise<Lease[]> {
    return this.answers.leasesOf(roomId, agentId);
  }

  approval(roomId: string, approvalId: string): Promise<Approval | null> {
    return this.answers.approval(roomId, approvalId);
  }
}
