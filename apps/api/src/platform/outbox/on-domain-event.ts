import { SetMetadata } from '@nestjs/common';
import type { DomainEventName } from '../../events/domain-events.js';

export const DOMAIN_EVENT_LISTENER = 'clawtank:domain-event';

/**
 * Marks a provider's method as a listener of a domain event. It is called after the commit, at least once, perhaps twice,
 * and must make the second time harmless by a unique key of its own.
 */
export const OnDomainEvent = (name: DomainEventName): MethodDecorator => SetMetadata(DOMAIN_EVENT_LISTENER, name);
