export { type CheckResult, failingChecks } from './checks.js';
export { fenced, oneLine, shortened, type Source } from './fence.js';
export { type FinishedWork, handIn } from './hand-in.js';
export { ProgressDigest, type Update } from './progress-digest.js';
export { ProgressStream } from './progress-stream.js';
export {
  BLOCK_RULES,
  CONTINUE_PROMPT,
  failedChecksPrompt,
  GO_ON_PROMPT,
  REFUSED_PROMPT,
  isOwnersTask,
  startOverPrompt,
  taskPrompt,
} from './prompt.js';
export { longSecretsIn, redactor, type Redact, secretsIn } from './redaction.js';
export { accessTo, isRepositoryAddress, type NamedRepositories } from './repository-access.js';
export { RepositoryClosed, RepositoryUnfit, RoomRepository } from './room-repository.js';
export { commitOfTask } from './task-commit.js';
export { NO_ANSWER, type Question, questionOf, talkPrompt } from './talk-prompt.js';
export { assistant, branchName } from './wording.js';
export { type CommitObject, Worktree, type WorktreePlace } from './worktree.js';
