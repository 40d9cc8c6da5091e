import type * as z from 'zod';
import { Refusal } from './refusal.js';

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

const MAX_REPORTED = 20;

/** Turns what a schema found wrong into a refusal that names every field. */
export function invalidInput(issues: readonly Issue[]): Refusal {
  const errors = issues.slice(0, MAX_REPORTED).map(({ path = [], message }) => ({
    path: path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
    message,
  }));
  const [first] = errors;
  const summary = first
    ? first.path
      ? `${first.path}: ${first.message}`
      : first.message
    : 'The request was not understood';
  return new Refusal('invalid_input', summary, { errors });
}

/** The value as its schema reads it, or a refusal that names the fields. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (!result.success) {
    throw invalidInput(result.error.issues);
  }
  return result.data;
}
