import { type SchemaPath, applyWhen, validateStandardSchema } from '@angular/forms/signals';
import type * as z from 'zod';

/** A filled-in field must satisfy the schema by which the server will judge it; whether it may be empty is not asked here. */
export function matches(path: SchemaPath<string>, schema: z.ZodType<string | null | undefined>): void {
  applyWhen(
    path,
    ({ value }) => value() !== '',
    (filled) => validateStandardSchema(filled, schema),
  );
}
