import type { AgentDeed } from '@clawtank/contracts';

const RELEASED: Partial<Record<NonNullable<AgentDeed['outcome']>, string>> = {
  lease_expired: 'Open again, since its lease ran out:',
  agent_left: 'Open again, since it left the room:',
  agent_paused: 'Open again, since it was to rest:',
  room_archived: 'Open again, since the room was archived:',
};
const DECIDED: Partial<Record<NonNullable<AgentDeed['outcome']>, string>> = {
  approved: 'allowed it',
  rejected: 'did not allow it',
  withdrawn: 'needed leave no longer',
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

/** Deeds, newest first, without those that the next one says more fully: a hand-in before its pull request was opened. */
export function withoutRepeats(deeds: readonly AgentDeed[]): AgentDeed[] {
  return deeds.filter((deed, index) => {
    const next = deeds[index - 1];
    const isSaidAgain =
      deed.type === 'task.submitted' &&
      deed.pullRequest === null &&
      next?.type === 'task.submitted' &&
      next.task.id === deed.task.id;
    return !isSaidAgain;
  });
}
