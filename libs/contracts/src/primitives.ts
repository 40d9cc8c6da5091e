import * as z from 'zod';

/** In small letters, however it was written: ids are compared as text everywhere. */
export const Id = z.uuid().toLowerCase();

/** An instant as ISO 8601 in UTC. */
export const Instant = z.iso.datetime();

/** Chosen by the sender of a command; a repeat with the same id is answered with the first answer and changes nothing. */
export const CommandId = z
  .string()
  .min(8)
  .max(100)
  .regex(/^[\w.:-]+$/, 'Use letters, digits and . : _ -');

/** How people and agents are called and mentioned: `@name`. Unique without regard to case. */
export const Handle = z
  .string()
  .trim()
  .min(2, 'Use at least 2 characters')
  .max(32, 'Use at most 32 characters')
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9]|[-_](?=[A-Za-z0-9]))*$/, 'Use letters, digits, and single - or _ between them');

export const CommitSha = z.string().regex(/^[0-9a-f]{40}$/, 'A full commit id has 40 hexadecimal digits');

/** A branch name as people type it, e.g. `fix/login`. Git's own rules are checked by the host. */
export const BranchName = z.string().min(1).max(200);

const codePoints = (text: string) => [...text].length;

/** As many characters as it may have, of any script; in UTF-8 that is at most four bytes for each. */
const limited = (maximum: number) =>
  z
    .string()
    .max(maximum * 4)
    .refine((text) => codePoints(text) <= maximum, `Use at most ${maximum} characters`)
    .refine((text) => !text.includes('\u0000'), 'The character U+0000 cannot be stored')
    .refine((text) => text.isWellFormed(), 'Half a character cannot be stored');

/** Text with a limit counted in code points, so that an emoji counts once. Must hold something other than blanks. */
export const Text = (maximum: number) => limited(maximum).refine((text) => text.trim().length > 0, 'Write something');

/** Text that may be empty, with the same limits. */
export const OptionalText = (maximum: number) => limited(maximum);

/** Who did something. `id` is a user's or an agent's; a webhook's actor whose account is unknown here has none, nor has a spectator. */
export const Actor = z
  .object({
    type: z.enum(['human', 'agent', 'system', 'webhook', 'spectator']),
    id: Id.nullable(),
    name: z.string(),
  })
  .meta({ id: 'Actor' });
export type Actor = z.infer<typeof Actor>;
