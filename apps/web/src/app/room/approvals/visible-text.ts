/** A piece of a text: as it stands, or a character that nobody would see, with its code point. */
export interface TextPiece {
  readonly text: string;
  readonly isHidden: boolean;
}

/** What leaves no mark of its own, moves what stands around it, or only looks like a blank. Blanks, tabs and line breaks are what they seem. */
const HIDDEN = /(?![ \t\n])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/u;

const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** The whole of a text, so that nothing in it can hide: what is invisible stands there by its code point. */
export function visibleText(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let plain = '';
  for (const character of text.replaceAll('\r\n', '\n')) {
    if (!HIDDEN.test(character)) {
      plain += character;
      continue;
    }
    if (plain) {
      pieces.push({ text: plain, isHidden: false });
      plain = '';
    }
    pieces.push({ text: codePoint(character), isHidden: true });
  }
  return plain ? [...pieces, { text: plain, isHidden: false }] : pieces;
}
