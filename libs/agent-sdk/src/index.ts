export type { Agent, StepToApprove, TaskSession, WorkSubmission } from './agent.js';
export { AgentKey, AgentKeyStore } from './agent-keys.js';
export { AgentClient, type AgentClientEvents, connectAgent, type ConnectOptions } from './agent-client.js';
export {
  AgentAtWork,
  AgentStopping,
  CommandRefused,
  ConnectionEnded,
  type EndCode,
  LeaseLost,
  NotDelivered,
} from './errors.js';
export type { AgentRoom, AgentRoomEvents } from './agent-room.js';
export { Git, type GitAccess, type GitCredentials, GitFailed, type GitFailure } from './git.js';
export { pushUnderLease } from './push-under-lease.js';
export { runAgent, type RunAgentOptions, type RunningAgent } from './run-agent.js';
export {
  type CommitContent,
  type CommitWords,
  type SignedCommit,
  signedCommit,
  signedCommitObject,
} from './signed-commit.js';
