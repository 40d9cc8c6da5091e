import type { AgentOverview } from '@clawtank/contracts';
import type { AgentRing } from '../../shared/avatar/avatar';

/** How an agent is, in a word for people and a ring for its picture. */
export interface AgentCondition {
  readonly words: string;
  readonly ring: AgentRing;
}

/** Connected or not is what the server sees; busy is that it holds a task, whatever it says of itself. */
export function conditionOf({ agent, status, held }: AgentOverview): AgentCondition {
  if (!agent.connected) {
    return { words: held.length > 0 ? 'not connected, still holds work' : 'not connected', ring: 'disconnected' };
  }
  if (status === 'error') {
    return { words: 'connected, reports a problem', ring: 'silent' };
  }
  return held.length > 0 || status === 'working'
    ? { words: 'connected, busy', ring: 'busy' }
    : { words: 'connected, idle', ring: 'idle' };
}
