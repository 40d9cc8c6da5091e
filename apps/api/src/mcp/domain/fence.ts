/** Names are letters, digits and single marks; whatever else a provider calls somebody cannot leave its line. */
export const inLine = (text: string, maximum = 80): string =>
  text
    .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
    .replace(/[`*_[\]<>#|\\]/g, (mark) => `\\${mark}`)
    .trim()
    .slice(0, maximum);

/** A text of somebody else between two fences that it cannot contain, so that whatever it says stays inside. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text.replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')}\n${fence}`;
}
