import type { TaskState } from '@clawtank/contracts';

const UNFINISHED = ['open', 'claimed', 'in_progress', 'in_review', 'changes_requested', 'approved'] as const;
const HELD = ['claimed', 'in_progress'] as const;

/** Every step a task can take: from where, and where to. What is not here cannot happen. */
export const TASK_STEPS = {
  claim: { from: ['open', 'changes_requested'], to: 'claimed' },
  report: { from: HELD, to: 'in_progress' },
  submit: { from: HELD, to: 'in_review' },
  /** Given back, or taken back from a holder that fell silent or left. */
  reopen: { from: [...HELD, 'open', 'changes_requested'], to: 'open' },
  give_up: { from: HELD, to: 'failed' },
  approve: { from: ['in_review', 'approved'], to: 'approved' },
  request_changes: { from: ['in_review', 'approved'], to: 'changes_requested' },
  /** The work is no longer what was approved. */
  void_approval: { from: ['approved'], to: 'in_review' },
  /** Its pull request was merged, whatever anybody said of it here. */
  complete: { from: UNFINISHED, to: 'done' },
  cancel: { from: UNFINISHED, to: 'cancelled' },
} as const satisfies { readonly [step: string]: { readonly from: readonly TaskState[]; readonly to: TaskState } };

export type TaskStep = keyof typeof TASK_STEPS;

/** Where `step` leads from `state`; null if it cannot be taken there. */
export function stateAfter(state: TaskState, step: TaskStep): TaskState | null {
  const { from, to } = TASK_STEPS[step];
  return (from as readonly TaskState[]).includes(state) ? to : null;
}
