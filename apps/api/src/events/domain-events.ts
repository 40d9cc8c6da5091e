import type { AccountsEvents } from './accounts.events.js';
import type { AgentsEvents } from './agents.events.js';
import type { ChatEvents } from './chat.events.js';
import type { DirectEvents } from './direct.events.js';
import type { GitEvents } from './git.events.js';
import type { RoomEvents } from './rooms.events.js';
import type { SpectatorsEvents } from './spectators.events.js';
import type { TasksEvents } from './tasks.events.js';

export type DomainEventMap = AccountsEvents &
  AgentsEvents &
  ChatEvents &
  DirectEvents &
  GitEvents &
  RoomEvents &
  SpectatorsEvents &
  TasksEvents;
export type DomainEventName = keyof DomainEventMap;

/** A fact that one feature announces and others may act on, after the commit and at least once. */
export type DomainEvent = {
  [Name in DomainEventName]: { readonly name: Name; readonly data: DomainEventMap[Name] };
}[DomainEventName];
