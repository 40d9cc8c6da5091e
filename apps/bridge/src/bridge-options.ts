import type { NamedRepositories } from '@clawtank/agent-work';
import type { AgentCommand } from './acp/agent-process.js';
import type { Allowable } from './domain/permission-policy.js';

/** How the bridge does a task, as far as its owner decides that. */
export interface BridgeOptions {
  readonly command: AgentCommand;
  /** Programs that have to end with 0 before work is handed in. */
  readonly checks: readonly string[];
  readonly checkTimeoutMs: number;
  /** How often the agent may mend what the checks complain about. */
  readonly fixAttempts: number;
  /** What the agent may do in the worktree without asking. */
  readonly allowed: ReadonlySet<Allowable>;
  /** Repositories elsewhere in which the agent works with its owner's own git credentials. */
  readonly repositories: readonly string[];
  /** How long the agent may be silent, and how long one turn may take. */
  readonly idleMs: number;
  readonly turnMs: number;
  /** How long the agent has to stop when it is asked to, and then to exit. */
  readonly cancelGraceMs: number;
  readonly killGraceMs: number;
  /** How long work in hand may go on when the bridge is stopped. */
  readonly stopGraceMs: number;
}

export const namedByOption = (addresses: readonly string[]): NamedRepositories => ({
  addresses,
  toName: (url) => `--repository ${url}`,
});
