import { type SpokenDeadline, deadlineIn } from './deadline-words';
import { languagesOf } from './languages';
import { type SpokenPriority, priorityIn } from './priority-words';

/** What a text says, in plain words, of when and how urgently something is to be done. */
export interface PlainWords {
  readonly deadline: SpokenDeadline | null;
  readonly priority: SpokenPriority | null;
}

/**
 * Reads a text as it was meant at that moment by somebody who writes in that language, or in English. Days are days of the reader's
 * time zone. It suggests; to apply what it found is the reader's to say.
 */
export async function readPlainWords(text: string, now: Date, language: string): Promise<PlainWords> {
  let deadline: SpokenDeadline | null = null;
  for (const spoken of languagesOf(language)) {
    deadline ??= deadlineIn(text, spoken, await spoken.load(), now);
  }
  return { deadline, priority: priorityIn(text) };
}
