import type * as z from 'zod';
import { invalidInput } from '../errors/parse.js';

/** Where a page ended, as an opaque text that the client hands back. */
export const encodeCursor = (place: unknown): string => Buffer.from(JSON.stringify(place)).toString('base64url');

/** The place that a cursor of ours names; one that is not ours is refused as input. */
export function decodeCursor<Schema extends z.ZodType>(schema: Schema, cursor: string): z.infer<Schema> {
  const place = schema.safeParse(jsonOf(cursor));
  if (!place.success) {
    throw invalidInput([{ path: ['cursor'], message: 'Use the cursor of the page before, with the same question' }]);
  }
  return place.data;
}

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
