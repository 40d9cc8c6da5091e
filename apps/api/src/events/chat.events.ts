/** What chat announces. */
export interface ChatEvents {
  /** A message was said that somebody may have to be told of: it mentions members, calls everybody, or answers another message. */
  'chat.message_sent': {
    readonly roomId: string;
    readonly messageId: string;
    readonly seq: number;
  };
  /** A message is gone. Whoever copied from it takes that out of what it keeps, at once. */
  'chat.message_deleted': {
    readonly roomId: string;
    readonly messageId: string;
  };
  /** A message names an address, in a room that wants to see where addresses lead. */
  'chat.link_named': { readonly messageId: string };
  /** A message mentions agents of the room. */
  'chat.agents_mentioned': {
    readonly roomId: string;
    readonly messageId: string;
    readonly seq: number;
    readonly agentIds: readonly string[];
  };
}
