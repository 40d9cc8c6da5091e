/** What chat announces. */
export interface ChatEvents {
  /** A message mentions agents of the room. */
  'chat.agents_mentioned': {
    readonly roomId: string;
    readonly messageId: string;
    readonly seq: number;
    readonly agentIds: readonly string[];
  };
}
