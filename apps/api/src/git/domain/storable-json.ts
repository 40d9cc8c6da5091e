import { toUSVString } from 'node:util';

const SUSPICIOUS = /\\u(?:0000|d[89a-f])/i;

/**
 * JSON as PostgreSQL can keep it in a `jsonb`: without U+0000 and halves of characters, which JSON may spell out and
 * `jsonb` refuses. They become the replacement character. Throws a SyntaxError for what is not JSON.
 */
export function parseStorableJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return SUSPICIOUS.test(text) ? storable(value) : value;
}

function storable(value: unknown): unknown {
  if (typeof value === 'string') {
    return toUSVString(value.replaceAll('\u0000', '\uFFFD'));
  }
  if (Array.isArray(value)) {
    return value.map(storable);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storable(key) as string, storable(inner)]));
  }
  return value;
}
