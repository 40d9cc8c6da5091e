import { isSlashCommand, parseSlashCommand, spokenText } from '@clawtank/contracts';
import { Refusal } from '../platform/errors/refusal.js';

/** What a text says once it is stored: `//help` says `/help`. Slash commands are for clients to carry out, and never stored. */
export function spoken(text: string): string {
  if (!isSlashCommand(text)) {
    return spokenText(text);
  }
  const reading = parseSlashCommand(text);
  const written = `/${/[a-z][a-z-]*/i.exec(text)?.[0] ?? ''}`;
  const [likely] = reading?.kind === 'unknown' ? reading.suggestions : [];
  const what =
    reading?.kind !== 'unknown'
      ? `${written} is carried out by clients and not said`
      : `There is no command ${written}${likely === undefined ? '' : `; did you mean /${likely}?`}`;
  throw new Refusal('unknown_slash_command', `${what}. To say it as it is, write /${written}`);
}
