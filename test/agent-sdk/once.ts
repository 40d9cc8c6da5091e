import { type EventEmitter, once as anyOnce } from 'node:events';
import type { AgentClientEvents, AgentRoomEvents } from '@clawtank/agent-sdk';

type Events = AgentClientEvents & AgentRoomEvents;

/** What the next event of this name carries, with its type. */
export async function once<Name extends keyof Events>(emitter: EventEmitter, name: Name): Promise<Events[Name]> {
  return (await anyOnce(emitter, name)) as Events[Name];
}
