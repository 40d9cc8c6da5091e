import type { AgentDeed } from '@clawtank/contracts';

const RELEASED: Partial<Record<NonNullable<AgentDeed['outcome']>, string>> = {
  lease_expired: 'lost it: the lease ran out',
  agent_left: 'left the room, and it was open again',
  agent_paused: 'was to rest, and it was open again',
  room_archived: 'gave it back: the room was archived',
};
const DECIDED: Partial<Record<NonNullable<AgentDeed['outcome']>, string>> = {
  approved: 'allowed it',
  rejected: 'did not allow it',
  withdrawn: 'never had to decide',
};

/** A deed in words, to stand between who did it and the task. */
export function deedWords({ type, outcome, by, pullRequest }: AgentDeed): string {
  switch (type) {
    case 'agent.claimed_task':
      return 'claimed';
    case 'task.submitted':
      return pullRequest === null ? 'handed in' : `handed in, as pull request #${pullRequest},`;
    case 'task.reviewed':
      if (by.type === 'system') {
        return 'A push took the approval away from';
      }
      return outcome === 'approved' ? 'approved' : 'asked for changes to';
    case 'task.completed':
      return 'Merged:';
    case 'task.released':
      return (outcome && RELEASED[outcome]) ?? 'gave back';
    case 'task.failed':
      return 'could not do';
    case 'task.cancelled':
      return by.type === 'system' ? 'Called off:' : 'called off';
    case 'approval.requested':
      return 'asked for leave, for';
    case 'approval.decided':
      return `${(outcome && DECIDED[outcome]) ?? 'decided'}, for`;
  }
}
