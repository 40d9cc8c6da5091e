import type { TaskDetail } from '@clawtank/contracts';

export interface FirstTaskStep {
  readonly words: string;
  readonly isReached: boolean;
}

/** How far a task has come, in the steps that a newcomer waits for. */
export function firstTaskSteps(detail: TaskDetail | null): FirstTaskStep[] {
  const has = (what: string): boolean => detail?.history.some((step) => step.what === what) ?? false;
  const isTaken = has('agent.claimed_task');
  const isHandedIn = has('task.submitted');
  const isAcknowledged = isTaken || Boolean(detail?.task.receipt?.acknowledgedAt);
  const note = detail?.task.lease ? detail.task.progress?.note : undefined;
  return [
    { words: 'Asked for', isReached: detail !== null },
    { words: 'It answered', isReached: isAcknowledged },
    { words: 'It took the task', isReached: isTaken },
    { words: note && !isHandedIn ? `It works: ${note}` : 'It works', isReached: has('task.progressed') || isHandedIn },
    { words: 'Pushed, signed and handed in', isReached: isHandedIn },
  ];
}
