import type { ApprovalKind } from './approvals.js';

/** What `--allow` may name: kinds of steps that need nobody's leave inside the worktree. */
export const ALLOWABLE = ['edits', 'reads', 'searches'] as const;
export type Allowable = (typeof ALLOWABLE)[number];

/** Kinds of tools as ACP names them. */
type ToolKind = string | null | undefined;

const COVERED_BY: ReadonlyMap<string, Allowable> = new Map([
  ['edit', 'edits'],
  ['move', 'edits'],
  ['delete', 'edits'],
  ['read', 'reads'],
  ['search', 'searches'],
]);

const APPROVAL_KINDS: ReadonlyMap<string, ApprovalKind> = new Map([
  ['execute', 'execute'],
  ['edit', 'edit'],
  ['move', 'edit'],
  ['delete', 'edit'],
  ['read', 'read'],
  ['search', 'read'],
  ['fetch', 'network'],
]);

export interface Step {
  readonly kind: ToolKind;
  /** Everything the step says it touches, as places in the worktree; null for what lies outside of it. */
  readonly places: readonly (string | null)[];
  /** Whether the agent's owner asked for the task. What others ask for is always asked about. */
  readonly isForOwner: boolean;
}

/** Decides whether a step needs leave. A step that does not say what it touches might touch anything. */
export function decideStep({ kind, places, isForOwner }: Step, allowed: ReadonlySet<Allowable>): 'allowed' | 'ask' {
  const covering = COVERED_BY.get(kind ?? '');
  if (!isForOwner || covering === undefined || !allowed.has(covering) || places.length === 0) {
    return 'ask';
  }
  return places.every(isOwnFile) ? 'allowed' : 'ask';
}

/** How the room sees a step of this kind. */
export const approvalKind = (kind: ToolKind): ApprovalKind => APPROVAL_KINDS.get(kind ?? '') ?? 'other';

/** Inside the worktree, and not what git keeps there for itself. */
function isOwnFile(place: string | null): boolean {
  return place !== null && !place.split(/[\\/]/).some((part) => part.toLowerCase() === '.git');
}
