import type { ReviewTask, Task } from '@clawtank/contracts';
import { type Place, columnOf, isSamePlace, placeOf } from './board-lanes';

/** What putting a card somewhere means: a step in its task's life, nothing, or why there is no such step. */
export type Step =
  | { readonly kind: 'assign'; readonly agentId: string | null }
  | { readonly kind: 'review'; readonly verdict: ReviewTask['verdict'] }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'stay' }
  | { readonly kind: 'none'; readonly why: string };

/** What the server lets the reader do. */
export interface Allowed {
  readonly toChange: boolean;
  readonly toReview: boolean;
}

const none = (why: string): Step => ({ kind: 'none', why });

export function stepTo(task: Task, place: Place, allowed: Allowed): Step {
  if (isSamePlace(placeOf(task), place)) {
    return { kind: 'stay' };
  }
  if (columnOf(task) === 'done') {
    return none('It is finished.');
  }
  switch (place.column) {
    case 'open':
      return assignTo(task, place.agent?.id ?? null, allowed);
    case 'working':
      return none('Agents take up work themselves.');
    case 'review':
      return none('Agents hand in their work themselves.');
    case 'changes':
    case 'approved':
      return reviewAs(task, place.column === 'approved' ? 'approved' : 'changes_requested', allowed);
    case 'done':
      return none(task.pullRequest ? `Done once #${task.pullRequest} is merged.` : 'Done once its work is merged.');
    case 'cancelled':
      return allowed.toChange ? { kind: 'cancel' } : none('You may not change tasks here.');
  }
}

function assignTo(task: Task, agentId: string | null, { toChange }: Allowed): Step {
  switch (columnOf(task)) {
    case 'open':
      return toChange ? { kind: 'assign', agentId } : none('You may not change tasks here.');
    case 'working':
      return none(`${task.lease?.holder.name ?? 'An agent'} is working on it.`);
    default:
      return none('It was handed in already.');
  }
}

function reviewAs({ state, submittedSha }: Task, verdict: ReviewTask['verdict'], { toReview }: Allowed): Step {
  if (state === 'changes_requested') {
    return none('It has to be handed in again first.');
  }
  if (!submittedSha || (state !== 'in_review' && state !== 'approved')) {
    return none('Nothing was handed in yet.');
  }
  return toReview ? { kind: 'review', verdict } : none('You may not review work here.');
}

/** What a step does, to be read before it is taken. */
export function meaningOf(step: Step, task: Task): string {
  switch (step.kind) {
    case 'assign':
      return step.agentId ? 'Gives it to this agent.' : 'Leaves it to whoever claims it.';
    case 'review':
      return step.verdict === 'approved' ? 'Approves the work.' : 'Asks for changes.';
    case 'cancel':
      return 'Calls it off.';
    case 'stay':
      return `Task ${task.number} is here.`;
    case 'none':
      return `Not possible: ${step.why}`;
  }
}
