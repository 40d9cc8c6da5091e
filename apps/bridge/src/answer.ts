import { CommandRefused } from '@clawtank/agent-sdk';
import type { ChatMessage, CommandInput } from '@clawtank/contracts';

/** Where a message is answered: in its thread, or as an answer to it; for the same people. */
export const placeOfAnswer = ({
  id,
  threadId,
  visibility,
}: Pick<ChatMessage, 'id' | 'threadId' | 'visibility'>): Pick<
  CommandInput<'chat_message'>,
  'replyTo' | 'threadId' | 'visibility'
> => ({ visibility, ...(threadId === null ? { replyTo: id } : { threadId }) });

/**
 * Says what has an id of its own. A second answer under the same id is none: after a crash the first one stands. False if the room
 * does not take it.
 */
export async function sayOnce(say: () => Promise<unknown>, log: (line: string) => void): Promise<boolean> {
  try {
    await say();
    return true;
  } catch (error) {
    if (!(error instanceof CommandRefused)) {
      throw error;
    }
    const wasSaid = error.code === 'command_id_reused';
    log(wasSaid ? 'This was answered before' : `Not said: ${error.message}`);
    return wasSaid;
  }
}
