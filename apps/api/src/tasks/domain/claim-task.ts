import type { TaskState } from '@clawtank/contracts';

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
  readonly now: Date;
}

export type ClaimDecision = 'granted' | 'resumed' | 'task_not_open' | 'agent_busy';

/**
 * Decides whether an agent may take a task. The holder gets its lease again. A task that was given to an agent waits for it,
 * until a lease on it has once run out: then anybody may help.
 */
export function decideClaim({ agentId, task, held, maxHeld, now }: ClaimRequest): ClaimDecision {
  const isHeld = task.leaseHolderId !== null && task.leaseExpiresAt !== null && task.leaseExpiresAt > now;
  if (isHeld && task.leaseHolderId === agentId) {
    return 'resumed';
  }
  const isMeantForAnother = task.assignedToId !== null && task.assignedToId !== agentId && task.fence === 0;
  if (task.state !== 'open' || isMeantForAnother) {
    return 'task_not_open';
  }
  return held >= maxHeld ? 'agent_busy' : 'granted';
}
