import { Injectable } from '@nestjs/common';
import type { DomainEventMap } from '../events/domain-events.js';
import { OnDomainEvent } from '../platform/outbox/on-domain-event.js';
import { MessageDeletion } from './message-deletion.js';

@Injectable()
export class ChatListener {
  constructor(private readonly deletion: MessageDeletion) {}

  @OnDomainEvent('spectators.message_deleted')
  forgetPromoted(deleted: DomainEventMap['spectators.message_deleted']): Promise<void> {
    return this.deletion.deletePromoted(deleted);
  }
}
