import type { EffectiveAgentLimits, SubmitWork } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AgentKeys, Agents } from '../agents/index.js';
import type { AgentCaller } from '../platform/caller.js';
import type { Work } from '../platform/database/unit-of-work.js';
import { Refusal } from '../platform/errors/refusal.js';
import {
  firstForbidden,
  limitsOf,
  MAX_OWN_COMMITS,
  type OwnChanges,
  type OwnCommits,
  RoomRepository,
  whyForbidden,
} from '../rooms/index.js';
import { objectionTo } from './domain/evidence.js';
import { TaskStore } from './task-store.js';

/** What was read of work before the room was held. */
interface Read {
  readonly commits: OwnCommits;
  readonly changes: OwnChanges;
}

/** Whether work that is handed in is what it is said to be, and what it may be. */
@Injectable()
export class EvidenceGate {
  constructor(
    private readonly dataSource: DataSource,
    private readonly repository: RoomRepository,
    private readonly agents: Agents,
    private readonly keys: AgentKeys,
    private readonly tasks: TaskStore,
  ) {}

  /** What may take a while, and is asked before the room is held. Nothing is read for somebody who does not hold the task. */
  async read({ agentId }: AgentCaller, { roomId, taskId, leaseId, commit }: SubmitWork): Promise<Read> {
    if (!(await this.tasks.isHeldBy(agentId, { roomId, taskId, leaseId }))) {
      return { commits: 'unknown', changes: 'unknown' };
    }
    const limits = (await limitsOf(this.dataSource.manager, roomId, [agentId])).get(agentId);
    return {
      commits: await this.repository.commitsOf(roomId, commit),
      changes: limits && limits.paths.length > 0 ? await this.repository.changesOf(roomId, commit) : 'unknown',
    };
  }

  /** Refuses what is not proved, and what the agent may not touch. Keys, limits and the branch count as they are now: the room is held. */
  async check(
    { manager }: Work,
    { agentId }: AgentCaller,
    request: SubmitWork,
    limits: EffectiveAgentLimits,
    { commits, changes }: Read,
  ): Promise<void> {
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
    requirePermittedPaths(limits, changes);
  }
}

function requirePermittedPaths({ paths }: EffectiveAgentLimits, changes: OwnChanges): void {
  if (paths.length === 0) {
    return;
  }
  if (changes === 'unknown') {
    throw new Refusal('unavailable', 'The host of the room’s repository cannot be asked which files were changed', {
      retryAfter: 1000,
    });
  }
  if (changes === 'too_many') {
    throw new Refusal('evidence_missing', 'More files were changed than can be looked at');
  }
  const forbidden = firstForbidden(paths, changes);
  if (forbidden) {
    throw new Refusal('forbidden', whyForbidden(forbidden, paths));
  }
}
