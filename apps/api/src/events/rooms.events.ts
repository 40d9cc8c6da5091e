/** What rooms announce. */
export interface RoomEvents {
  'rooms.created': { readonly roomId: string; readonly createdBy: string };
  /** A person was invited by name. */
  'rooms.person_invited': {
    readonly roomId: string;
    readonly invitationId: string;
    readonly inviteeId: string;
    readonly invitedById: string;
  };
  /** Nothing more happens in the room until it is opened again. */
  'rooms.archived': { readonly roomId: string };
  'rooms.deleted': { readonly roomId: string };
  /** This agent, or all agents of the room if it is null, are to rest; or may go on. */
  'rooms.agents_paused': { readonly roomId: string; readonly agentId: string | null };
  'rooms.agents_resumed': { readonly roomId: string; readonly agentId: string | null };
  /** From now on the room has approved work merged. */
  'rooms.auto_merge_enabled': { readonly roomId: string };
  /** What this agent, or every agent of the room if it is null, is held to has changed. */
  'rooms.agents_limited': { readonly roomId: string; readonly agentId: string | null };
  /** An agent no longer sits in the room, for whatever reason. */
  'rooms.agent_left': { readonly roomId: string; readonly agentId: string; readonly name: string };
  /** What these entries of a room's log said was taken back: caches forget them. */
  'rooms.entries_redacted': { readonly roomId: string; readonly epoch: string; readonly seqs: readonly number[] };
}
