/** What agents announce. */
export interface AgentsEvents {
  /** An agent's token was revoked for good; its seats and leases are to be taken. */
  'agents.revoked': {
    readonly agentId: string;
    readonly name: string;
    readonly ownerId: string;
  };
}
