/** What rooms announce. */
export interface RoomEvents {
  'rooms.created': { readonly roomId: string; readonly createdBy: string };
  'rooms.deleted': { readonly roomId: string };
  /** An agent no longer sits in the room, for whatever reason. */
  'rooms.agent_left': { readonly roomId: string; readonly agentId: string; readonly name: string };
}
