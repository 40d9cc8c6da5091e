import type { SubmitWork } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { AgentKeys, Agents } from '../agents/index.js';
import type { AgentCaller } from '../platform/caller.js';
import type { Work } from '../platform/database/unit-of-work.js';
import { Refusal } from '../platform/errors/refusal.js';
import { MAX_OWN_COMMITS, type OwnCommits, RoomRepository } from '../rooms/index.js';
import { objectionTo } from './domain/evidence.js';
import { TaskStore } from './task-store.js';

/** Whether work that is handed in is what it is said to be. */
@Injectable()
export class EvidenceGate {
  constructor(
    private readonly repository: RoomRepository,
    private readonly agents: Agents,
    private readonly keys: AgentKeys,
    private readonly tasks: TaskStore,
  ) {}

  /** What may take a while, and is asked before the room is held. Nothing is read for somebody who does not hold the task. */
  async read({ agentId }: AgentCaller, { roomId, taskId, leaseId, commit }: SubmitWork): Promise<OwnCommits> {
    const isHolder = await this.tasks.isHeldBy(agentId, { roomId, taskId, leaseId });
    return isHolder ? this.repository.commitsOf(roomId, commit) : 'unknown';
  }

  /** Refuses what is not proved. Keys and the branch count as they are now: the room is held. */
  async check({ manager }: Work, { agentId }: AgentCaller, request: SubmitWork, commits: OwnCommits): Promise<void> {
    const { roomId, gitBranch: branch, commit, checks } = request;
    const objection = objectionTo({
      branch,
      commit,
      tip: await this.repository.tipOf(roomId, branch, manager),
      commits,
      maxCommits: MAX_OWN_COMMITS,
      keys: await this.keys.activeOf(agentId, manager),
      email: this.agents.commitEmailOf(agentId),
      checks,
    });
    if (objection) {
      throw new Refusal(objection.code, objection.message);
    }
  }
}
