import { asksForWork } from '@clawtank/contracts';
import { Injectable } from '@nestjs/common';
import type { DomainEventMap } from '../events/domain-events.js';
import { OnDomainEvent } from '../platform/outbox/on-domain-event.js';
import { JobHandler } from '../platform/queues/job-handler.js';
import { InboxReader } from '../rooms/index.js';
import { LeaseService } from './lease.service.js';
import { BranchRadar } from './paths/branch-radar.service.js';
import { ReviewService } from './review.service.js';
import { TaskFollower } from './task-follower.service.js';

/** What happens elsewhere and concerns tasks. Each of these may come twice. */
@Injectable()
export class TasksListener {
  constructor(
    private readonly tasks: TaskFollower,
    private readonly leases: LeaseService,
    private readonly reviews: ReviewService,
    private readonly radar: BranchRadar,
    inbox: InboxReader,
  ) {
    inbox.contribute({
      asksForWork: ({ author, message }) => author.type === 'human' && asksForWork(message),
    });
  }

  @OnDomainEvent('chat.agents_mentioned')
  takeRequest({ roomId, seq, agentIds }: DomainEventMap['chat.agents_mentioned']): Promise<void> {
    return this.tasks.createFromMention(roomId, seq, agentIds);
  }

  @OnDomainEvent('chat.message_deleted')
  forgetMessage({ roomId, messageId }: DomainEventMap['chat.message_deleted']): Promise<void> {
    return this.tasks.forgetMessage(roomId, messageId);
  }

  @OnDomainEvent('git.pushed')
  voidApprovals({ roomId, branch, head }: DomainEventMap['git.pushed']): Promise<void> {
    return this.reviews.followPush(roomId, branch, head);
  }

  @OnDomainEvent('git.pushed')
  followBranch({ roomId, ...push }: DomainEventMap['git.pushed']): Promise<void> {
    return this.radar.followPush(roomId, push);
  }

  @OnDomainEvent('tasks.approved')
  voidIfMoved({ roomId, taskId }: DomainEventMap['tasks.approved']): Promise<void> {
    return this.reviews.followApproval(roomId, taskId);
  }

  @OnDomainEvent('tasks.branch_named')
  lookAtBranch({ roomId, taskId, branch }: DomainEventMap['tasks.branch_named']): Promise<void> {
    return this.radar.followTask(roomId, taskId, branch);
  }

  /** Of a provider's pull requests nobody says for which task they are: it is told by the work. */
  @OnDomainEvent('git.pull_request_opened')
  async linkPullRequest({
    roomId,
    taskId,
    number,
    head: branch,
    headSha: submittedSha,
  }: DomainEventMap['git.pull_request_opened']): Promise<void> {
    await this.tasks.followPullRequest(roomId, taskId ?? { branch, submittedSha }, number, 'opened');
    if (taskId) {
      await this.radar.followTask(roomId, taskId, branch);
    }
  }

  @OnDomainEvent('git.pull_request_merged')
  complete({ roomId, taskId, number, headSha }: DomainEventMap['git.pull_request_merged']): Promise<void> {
    return this.tasks.followPullRequest(roomId, taskId ?? { submittedSha: headSha }, number, 'merged');
  }

  @OnDomainEvent('git.pull_request_closed')
  async callOff({ roomId, taskId, number }: DomainEventMap['git.pull_request_closed']): Promise<void> {
    if (taskId) {
      await this.tasks.followPullRequest(roomId, taskId, number, 'closed');
    }
  }

  @OnDomainEvent('git.issue_taken')
  takeIssue(request: DomainEventMap['git.issue_taken']): Promise<void> {
    return this.tasks.createFromIssue(request);
  }

  @OnDomainEvent('git.issue_closed')
  closeIssue(closed: DomainEventMap['git.issue_closed']): Promise<void> {
    return this.tasks.followIssue(closed);
  }

  @OnDomainEvent('git.issue_reopened')
  reopenIssue({ roomId, issueId }: DomainEventMap['git.issue_reopened']): Promise<void> {
    return this.tasks.followReopenedIssue(roomId, issueId);
  }

  @OnDomainEvent('rooms.agent_left')
  takeBack({ roomId, agentId, name }: DomainEventMap['rooms.agent_left']): Promise<void> {
    return this.leases.takeBackFrom(roomId, agentId, name);
  }

  @OnDomainEvent('rooms.agents_paused')
  takeBackFromResting({ roomId, agentId }: DomainEventMap['rooms.agents_paused']): Promise<void> {
    return this.leases.takeBackFromResting(roomId, agentId);
  }

  @OnDomainEvent('rooms.agents_resumed')
  offerAgain({ roomId, agentId }: DomainEventMap['rooms.agents_resumed']): Promise<void> {
    return this.tasks.offerAgain(roomId, agentId);
  }

  @OnDomainEvent('rooms.agents_limited')
  offerWithinLimits({ roomId, agentId }: DomainEventMap['rooms.agents_limited']): Promise<void> {
    return this.tasks.offerAgain(roomId, agentId);
  }

  @OnDomainEvent('rooms.archived')
  takeBackAll({ roomId }: DomainEventMap['rooms.archived']): Promise<void> {
    return this.leases.takeBackAll(roomId);
  }

  @JobHandler('offer-waiting')
  offerWaiting(): Promise<void> {
    return this.tasks.offerWaiting();
  }

  @JobHandler('expire-leases')
  expireLeases(): Promise<void> {
    return this.leases.expireLeases();
  }

  @JobHandler('offer-due-tasks')
  offerDueTasks(): Promise<void> {
    return this.leases.offerDue();
  }
}
