import { type AgentKey, signedCommitObject, type TaskSession } from '@clawtank/agent-sdk';
import { commitMessage } from './wording.js';
import type { CommitObject } from './worktree.js';

/** Commits of a task's work: by the agent, signed with its key, and naming the task, the agent and the program that helped. */
export function commitOfTask(
  { agent, assignment }: Pick<TaskSession, 'agent' | 'assignment'>,
  key: AgentKey,
  assistedBy: string,
): CommitObject {
  const words = {
    name: `${agent.name} (agent)`,
    email: agent.commitEmail,
    message: commitMessage(assignment.task),
    trailers: {
      'ClawTank-Task': assignment.taskId,
      'ClawTank-Agent': agent.agentId,
      'Assisted-by': assistedBy,
    },
  };
  return (tree, parent) => signedCommitObject({ ...words, tree, parents: [parent], at: new Date() }, key);
}
