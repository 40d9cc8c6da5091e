/** A message of a conversation, as far as it matters to who keeps a conversation going. */
export interface Turn {
  /** What a spectator said does not count as a person’s word: nobody turned to the agents. */
  readonly author: 'human' | 'agent' | 'spectator';
  /** Whether it mentions or answers another agent. */
  readonly isToAgents: boolean;
  readonly at: Date;
}

/** After this long without a word between agents their next one begins anew. */
export const QUIET_MS = 10 * 60_000;

/** How often agents turned to each other since a person said something, or since they were quiet for long; newest first. */
export function turnsInARow(newestFirst: readonly Turn[], now: Date): number {
  let turns = 0;
  let later = now;
  for (const { author, isToAgents, at } of newestFirst) {
    if (author === 'human' || later.getTime() - at.getTime() > QUIET_MS) {
      break;
    }
    if (isToAgents) {
      turns += 1;
      later = at;
    }
  }
  return turns;
}

/** What was said where an agent is about to speak, newest first. */
export interface Talk {
  /** In the room itself or in the thread, wherever the message will be. */
  readonly here: readonly Turn[];
  /** In the room and all of its threads: whoever opens another thread does not begin anew. */
  readonly anywhere: readonly Turn[];
}

export type AgentsReach = 'reached' | 'first_unreached' | 'unreached';

/**
 * Whether what an agent says now still reaches other agents, so that they are woken by it; what it says is a message in any case.
 * `first_unreached` is the message of which the room is told that agents no longer reach each other. To be asked with the room
 * held, before the message is written. Whoever tells agents what is addressed to them leaves out what does not reach them:
 * `AgentReach` asks and answers by name who is not reached.
 */
export function agentsReach({ here, anywhere }: Talk, maxTurns: number, now: Date): AgentsReach {
  const over = Math.max(turnsInARow(here, now), turnsInARow(anywhere, now)) - maxTurns;
  return over < 0 ? 'reached' : over === 0 ? 'first_unreached' : 'unreached';
}
