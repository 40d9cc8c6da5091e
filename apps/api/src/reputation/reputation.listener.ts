import { Injectable } from '@nestjs/common';
import type { GitEvents } from '../events/git.events.js';
import { OnDomainEvent } from '../platform/outbox/on-domain-event.js';
import { ReputationService } from './reputation.service.js';

@Injectable()
export class ReputationListener {
  constructor(private readonly reputation: ReputationService) {}

  @OnDomainEvent('git.pull_request_merged')
  awardMerge(merge: GitEvents['git.pull_request_merged']): Promise<void> {
    return this.reputation.awardMerge(merge);
  }
}
