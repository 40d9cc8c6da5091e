const LENGTH = 140;

/** The beginning of a text in one line, cut between characters. */
export function excerptOf(text: string): string {
  const characters = [...text.replace(/\s+/g, ' ').trim()];
  return characters.length > LENGTH ? `${characters.slice(0, LENGTH - 1).join('')}…` : characters.join('');
}
