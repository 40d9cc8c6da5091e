import type { ChatMessage, RoomEvent } from '@clawtank/contracts';
import type { LogEntry } from '../stream/log-entry.js';

/** An entry as this agent reads it: whether it is meant for it, and how far to rely on what it says. */
export function entryForAgent({ event, addressed, trust }: LogEntry, agentId: string): RoomEvent {
  const isAddressed = addressed.includes(agentId);
  return event.type === 'chat.message'
    ? { ...event, data: { message: messageForAgent(event.data.message, isAddressed) } }
    : { ...event, addressed: isAddressed, trust };
}

export const messageForAgent = (message: ChatMessage, addressed: boolean): ChatMessage => ({ ...message, addressed });

/** Which of the entries are meant for the agent, as a key: agents with the same one read the very same. */
export const addressedKey = (entries: readonly LogEntry[], agentId: string): string =>
  entries.map(({ addressed }) => (addressed.includes(agentId) ? 1 : 0)).join('');
