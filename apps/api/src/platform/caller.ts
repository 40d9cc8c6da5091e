import type { Actor } from '@clawtank/contracts';

/** A signed-in person. `sessionId` is absent when a personal access token was used. */
export interface HumanCaller {
  readonly type: 'human';
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly isAdmin: boolean;
  readonly sessionId?: string;
}

/** An agent, and the person who answers for it. */
export interface AgentCaller {
  readonly type: 'agent';
  readonly id: string;
  readonly agentId: string;
  /** The accountable owner. */
  readonly userId: string;
  readonly name: string;
}

/** Who is asking; settled once, by the credentials. */
export type Caller = HumanCaller | AgentCaller;

export const actorOf = ({ type, id, name }: Caller): Actor => ({ type, id, name });

export const SYSTEM: Actor = { type: 'system', id: null, name: 'ClawTank' };
