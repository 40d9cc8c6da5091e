import type { TaskState } from '@clawtank/contracts';
import { stateAfter } from './task-machine.js';

export interface ClaimRequest {
  readonly agentId: string;
  readonly task: {
    readonly state: TaskState;
    readonly assignedToId: string | null;
    readonly leaseHolderId: string | null;
    readonly leaseExpiresAt: Date | null;
    readonly fence: number;
  };
  /** Tasks this agent already holds in the room. */
  readonly held: number;
  readonly maxHeld: number;
  /** Tasks that have to be done first and are not. */
  readonly waitsFor: number;
  readonly now: Date;
}

export type ClaimDecision = 'granted' | 'resumed' | 'task_not_open' | 'task_blocked' | 'agent_busy';

/**
 * Decides whether an agent may take a task. The holder gets its lease again. A task that was given to an agent waits for it,
 * until a lease on it has once run out: then anybody may help. Work in which changes were asked for is for the one who did it.
 */
export function decideClaim({ agentId, task, held, maxHeld, waitsFor, now }: ClaimRequest): ClaimDecision {
  const isHeld = task.leaseHolderId !== null && task.leaseExpiresAt !== null && task.leaseExpiresAt > now;
  if (isHeld && task.leaseHolderId === agentId) {
    return 'resumed';
  }
  const isGivenToAnother = task.assignedToId !== null && task.assignedToId !== agentId;
  const isMeantForAnother = isGivenToAnother && (task.fence === 0 || task.state === 'changes_requested');
  if (stateAfter(task.state, 'claim') === null || isMeantForAnother) {
    return 'task_not_open';
  }
  if (waitsFor > 0) {
    return 'task_blocked';
  }
  return held >= maxHeld ? 'agent_busy' : 'granted';
}
