import type { Actor } from '@clawtank/contracts';

/** What the spectators' chat announces. */
export interface SpectatorsEvents {
  /** A message of the spectators' chat is gone, and with it what a member promoted of it. */
  'spectators.message_deleted': {
    readonly roomId: string;
    readonly spectatorMessageId: string;
    readonly deletedBy: Actor;
  };
}
