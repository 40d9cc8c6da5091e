import { join } from 'node:path';
import {
  type Agent,
  AgentKeyStore,
  CommandRefused,
  Git,
  GitFailed,
  pushUnderLease,
  type TaskSession,
} from '@clawtank/agent-sdk';
import type { PullRequest } from '@clawtank/contracts';
import { applyEdits, EditRefused } from './apply-edits.js';
import { type Edit, readInstructions, WHAT_I_UNDERSTAND } from './domain/instructions.js';
import { branchName, commitWords, listing, subject } from './domain/wording.js';
import { RepositoryUnfit, TaskRepository } from './task-repository.js';

export interface ReferenceAgentOptions {
  /** The server's address. */
  readonly url: string;
  readonly token: string;
  /** Where it keeps its keys and its copies of repositories. Several agents may share one. */
  readonly workFolder: string;
}

/** An agent without a model: it makes plainly worded edits in a worktree and proposes them for merging. */
export class ReferenceAgent implements Agent {
  readonly capabilities = ['edit-files', 'open-pull-requests'];
  /** Where the keys are by which its commits are signed. */
  readonly keys: AgentKeyStore;
  private readonly server: URL;

  constructor(private readonly options: ReferenceAgentOptions) {
    this.server = new URL(options.url);
    this.keys = new AgentKeyStore(join(options.workFolder, 'keys'));
  }

  async onTaskAssignment(task: TaskSession): Promise<void> {
    const instructions = readInstructions(task.assignment.description);
    if (!instructions.understood) {
      const [first] = instructions.unclear;
      await task.fail(`${first ? `I do not understand “${first.slice(0, 120)}”. ` : ''}${WHAT_I_UNDERSTAND}`);
      return;
    }
    try {
      await this.work(task, instructions.edits);
    } catch (error) {
      if (error instanceof EditRefused || error instanceof RepositoryUnfit) {
        await task.fail(error.message);
      } else if (error instanceof GitFailed && !task.signal.aborted) {
        await task.fail(error.message, { retryable: true });
      } else {
        throw error;
      }
    }
  }

  private async work(task: TaskSession, edits: readonly Edit[]): Promise<void> {
    const { assignment, agent, signal } = task;
    const branch = branchName(agent.name, assignment.task);
    const repository = this.repositoryFor(task);

    await task.progress('Fetching the repository', 10);
    await repository.refresh(signal);
    const worktree = await repository.checkOut(assignment.task.number, branch);
    try {
      await task.progress(subject(edits), 40);
      await applyEdits(worktree.folder, edits);
      const words = {
        name: `${agent.name} (agent)`,
        email: agent.commitEmail,
        ...commitWords(edits, assignment.task, agent),
      };
      const commit = await worktree.commit(words, await this.keys.keyOf(agent.agentId));

      await task.progress(`Pushing ${branch}`, 60);
      await pushUnderLease(task, () => worktree.push(commit, task.lease, signal));

      await task.progress('Opening a pull request', 80);
      const pullRequest = await this.propose(task, branch, edits);
      await task.submit({ branch, commit, description: subject(edits) });
      await this.tell(task, subject(edits), pullRequest, commit);
    } finally {
      await repository.dispose(worktree);
    }
  }

  private repositoryFor({ assignment, agent }: TaskSession): TaskRepository {
    const { repository, roomId } = assignment;
    if (!repository) {
      throw new RepositoryUnfit('This room has no repository');
    }
    const { workFolder, token } = this.options;
    const folder = join(workFolder, agent.agentId, roomId);
    const url = new URL(repository.cloneUrl, this.server).href;
    return new TaskRepository(folder, { ...repository, url }, new Git(folder, { server: this.server, token }));
  }

  /** Null if the pull request is there already, from before a restart, and the room does not show it yet. */
  private async propose(task: TaskSession, head: string, edits: readonly Edit[]): Promise<PullRequest | null> {
    const { number, title } = task.assignment.task;
    try {
      const body = `${listing(edits)}\n\nTask ${number}: ${title}`;
      return await task.openPullRequest({ title: subject(edits), head, body });
    } catch (error) {
      if (error instanceof CommandRefused && error.code === 'pull_request_exists') {
        return task.room.state?.pullRequests.find((one) => one.head === head && one.state === 'open') ?? null;
      }
      throw error;
    }
  }

  private async tell(
    { room, assignment }: TaskSession,
    done: string,
    pullRequest: PullRequest | null,
    commit: string,
  ): Promise<void> {
    const { taskId, task } = assignment;
    const where = pullRequest ? `pull request #${pullRequest.number}` : 'its pull request';
    await room.say(`Task ${task.number} is ready for review in ${where}: ${done}`, {
      clientMessageId: `task-${taskId}-${commit}`,
    });
  }
}
