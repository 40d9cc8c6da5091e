import type { Seat } from '../state/seats';

/** How an agent is, in words: what the server sees goes before what the agent says of itself. */
export function agentWords({ presence, answers, ring, agent }: Seat, holdsTask: boolean): string {
  if (presence === 'offline') {
    return holdsTask ? 'not connected, still holds a task' : 'not connected';
  }
  if (!answers) {
    return 'connected, does not answer';
  }
  if (agent?.status === 'error') {
    return 'connected, reports a problem';
  }
  if (ring === 'waiting') {
    return holdsTask ? 'waits for your leave' : 'waits for a merge';
  }
  return holdsTask || agent?.status === 'working' ? 'connected, at work' : 'connected, idle';
}
