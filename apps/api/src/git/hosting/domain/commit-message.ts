/** One `Key: value` line at the end of a commit message, for programs to read. */
export interface Trailer {
  readonly key: string;
  readonly value: string;
}

const TRAILER_LINE = /^[A-Za-z0-9-]+: \S/;

/** The message with its trailers as its last paragraph, joined to trailers it already ends with. */
export function commitMessage(message: string, trailers: readonly Trailer[]): string {
  const text = message.replaceAll('\0', '').trim();
  const lines = trailers.map(({ key, value }) => `${key}: ${value.replace(/[\s\0]+/g, ' ').trim()}`);
  if (lines.length === 0) {
    return `${text}\n`;
  }
  return `${text}${endsWithTrailers(text) ? '\n' : '\n\n'}${lines.join('\n')}\n`;
}

/** The first paragraph is the subject, even if it looks like a trailer: "fix: the tank". */
function endsWithTrailers(text: string): boolean {
  const [, ...body] = text.split(/\n{2,}/);
  return (
    body
      .at(-1)
      ?.split('\n')
      .every((line) => TRAILER_LINE.test(line)) ?? false
  );
}
