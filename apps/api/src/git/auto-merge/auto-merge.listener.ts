import { Injectable } from '@nestjs/common';
import type { DomainEventMap } from '../../events/domain-events.js';
import { OnDomainEvent } from '../../platform/outbox/on-domain-event.js';
import { JobHandler } from '../../platform/queues/job-handler.js';
import { JobQueue } from '../../platform/queues/job-queue.js';
import { AutoMerges } from './auto-merge.service.js';

/** What may make a pull request ready to be merged. Each of these may come twice. */
@Injectable()
export class AutoMergeListener {
  constructor(
    private readonly merges: AutoMerges,
    private readonly jobs: JobQueue,
  ) {}

  @OnDomainEvent('tasks.approved')
  afterApproval({ roomId }: DomainEventMap['tasks.approved']): Promise<void> {
    return this.jobs.add('merge-approved', { roomId });
  }

  @OnDomainEvent('rooms.auto_merge_enabled')
  afterSetting({ roomId }: DomainEventMap['rooms.auto_merge_enabled']): Promise<void> {
    return this.jobs.add('merge-approved', { roomId });
  }

  @OnDomainEvent('rooms.agents_resumed')
  afterRest({ roomId }: DomainEventMap['rooms.agents_resumed']): Promise<void> {
    return this.jobs.add('merge-approved', { roomId });
  }

  @OnDomainEvent('git.pull_request_opened')
  afterProposal({ roomId }: DomainEventMap['git.pull_request_opened']): Promise<void> {
    return this.jobs.add('merge-approved', { roomId });
  }

  @JobHandler('merge-approved')
  merge({ roomId }: { roomId: string }): Promise<void> {
    return this.merges.mergeNow(roomId);
  }

  @JobHandler('retry-merges')
  mergeDue(): Promise<void> {
    return this.merges.mergeDue();
  }
}
