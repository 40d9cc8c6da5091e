const HALF_A_CHARACTER_AT_THE_END = /[\uD800-\uDBFF]$/;

/** The beginning of a text. Never ends in half a character, which PostgreSQL would refuse. */
export const cut = (text: string, length: number): string =>
  text.slice(0, length).replace(HALF_A_CHARACTER_AT_THE_END, '');
