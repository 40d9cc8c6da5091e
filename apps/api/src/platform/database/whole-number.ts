/** PostgreSQL's `bigint` as a number: sequences here stay far below 2^53. The driver hands it over as text. */
export const WHOLE_NUMBER = {
  from: (value: string | null): number | null => (value === null ? null : Number(value)),
  to: (value: number | null): number | null => value,
};
