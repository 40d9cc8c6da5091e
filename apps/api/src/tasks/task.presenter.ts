import type { Actor, ContextMessage, Lease, RepositoryView, Task, TaskAssignment } from '@clawtank/contracts';
import type { TaskEntity } from './task.entity.js';

const agent = (id: string | null, name: string | null): Actor | null =>
  id && name ? { type: 'agent', id, name } : null;

export function presentTask(task: TaskEntity): Task {
  const holder = agent(task.leaseHolderId, task.leaseHolderName);
  return {
    id: task.id,
    roomId: task.roomId,
    number: task.number,
    title: task.title,
    description: task.description,
    state: task.state,
    priority: task.priority,
    deadline: task.deadline?.toISOString() ?? null,
    createdBy: task.createdBy,
    assignedTo: agent(task.assignedToId, task.assignedToName),
    receipt: task.receipt,
    lease: holder && { holder },
    progress: task.progress,
    branch: task.branch,
    submittedSha: task.submittedSha,
    review: task.review,
    parentId: task.parentId,
    dependsOn: task.dependsOn,
    pullRequest: task.pullRequest,
    failure: task.failure,
    waitsUntil: task.waitsUntil?.toISOString() ?? null,
    sourceMessageId: task.sourceMessageId,
    issue: task.issue && { ...task.issue, state: task.issue.state ?? 'open' },
    createdAt: task.createdAt.toISOString(),
    updatedAt: task.updatedAt.toISOString(),
  };
}

export function presentLease({ id, leaseId, leaseExpiresAt, fence }: TaskEntity): Lease {
  if (!leaseId || !leaseExpiresAt) {
    throw new Error(`Task ${id} has no lease`);
  }
  return { leaseId, taskId: id, fence, expiresAt: leaseExpiresAt.toISOString() };
}

/** The messages the agent may look at; those that were deleted since are gone. */
export function presentContext({ context }: TaskEntity): ContextMessage[] {
  return context.map(({ messageId: _, ...message }) => message);
}

export function presentAssignment(task: TaskEntity, repository: RepositoryView | null): TaskAssignment {
  return {
    taskId: task.id,
    roomId: task.roomId,
    task: presentTask(task),
    description: task.description,
    context: task.context.map(({ author, message }) => `${author}: ${message}`),
    contextMessages: presentContext(task),
    assignedBy: task.createdBy.name,
    priority: task.priority,
    ...(task.deadline && { deadline: task.deadline.toISOString() }),
    repository: repository && { cloneUrl: repository.cloneUrl, defaultBranch: repository.defaultBranch },
  };
}
