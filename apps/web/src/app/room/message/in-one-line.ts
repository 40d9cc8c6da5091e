import type { ChatMessage } from '@clawtank/contracts';
import { speechBlocks } from '../markdown/speech-blocks';
import { excerpt } from '../markdown/speech-tree';

/** How a message begins; of one without words, what its files are called. */
export function inOneLine({ message, attachments }: Pick<ChatMessage, 'message' | 'attachments'>, most = 140): string {
  return excerpt(speechBlocks(message), most) || attachments.map(({ name }) => name).join(', ');
}
