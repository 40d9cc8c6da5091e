import type { EffectiveAgentLimits, SubmitWork } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AgentKeys, Agents } from '../agents/index.js';
import type { AgentCaller } from '../platform/caller.js';
import type { Work } from '../platform/database/unit-of-work.js';
import { Refusal } from '../platform/errors/refusal.js';
import {
  firstForbidden,
  isSeen,
  limitsOf,
  MAX_OWN_COMMITS,
  type OwnChanges,
  type OwnCommits,
  RoomRepository,
  type SeenRepository,
  type Unseen,
  whyForbidden,
} from '../rooms/index.js';
import { objectionTo, objectionToUnseen } from './domain/evidence.js';
import { TaskStore } from './task-store.js';

/** When to ask again whether a repository can be looked at. */
const RETRY_MS = 5000;

/** What was read of work before the room was held. */
interface Read {
  readonly seen: SeenRepository | Unseen | null;
  readonly commits: OwnCommits;
  readonly changes: OwnChanges;
}

const NOTHING_READ = { seen: null, commits: 'unknown', changes: 'unknown' } as const;

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
  async read({ agentId }: AgentCaller, { roomId, taskId, leaseId, gitBranch, commit }: SubmitWork): Promise<Read> {
    if (!(await this.tasks.isHeldBy(agentId, { roomId, taskId, leaseId }))) {
      return NOTHING_READ;
    }
    const seen = await this.repository.look(roomId, [gitBranch]);
    if (!isSeen(seen)) {
      return { ...NOTHING_READ, seen };
    }
    const limits = (await limitsOf(this.dataSource.manager, roomId, [agentId])).get(agentId);
    return {
      seen,
      commits: await seen.commitsOf(commit),
      changes: limits && limits.paths.length > 0 ? await seen.changesOf(commit) : 'unknown',
    };
  }

  /**
   * Refuses what is not proved, and what the agent may not touch. Keys, limits and the branch of a hosted repository count as they are
   * now: the room is held, and nobody else is asked.
   */
  async check(
    { manager }: Work,
    { agentId }: AgentCaller,
    request: SubmitWork,
    limits: EffectiveAgentLimits,
    { seen, commits, changes }: Read,
  ): Promise<void> {
    const { gitBranch: branch, commit, checks } = request;
    const objection = objectionTo({
      branch,
      commit,
      tip: typeof seen === 'string' ? { unseen: seen } : { sha: seen && (await seen.tipOf(branch)) },
      commits,
      maxCommits: MAX_OWN_COMMITS,
      keys: await this.keys.activeOf(agentId, manager),
      email: this.agents.commitEmailOf(agentId),
      checks,
    });
    if (objection) {
      throw new Refusal(
        objection.code,
        objection.message,
        objection.code === 'unavailable' ? { retryAfter: RETRY_MS } : {},
      );
    }
    requirePermittedPaths(limits, changes);
  }
}

function requirePermittedPaths({ paths }: EffectiveAgentLimits, changes: OwnChanges): void {
  if (paths.length === 0) {
    return;
  }
  if (changes === 'unknown') {
    throw new Refusal('unavailable', objectionToUnseen('unreachable').message, { retryAfter: RETRY_MS });
  }
  const forbidden = firstForbidden(paths, changes);
  if (forbidden) {
    throw new Refusal('forbidden', whyForbidden(forbidden, paths));
  }
}
