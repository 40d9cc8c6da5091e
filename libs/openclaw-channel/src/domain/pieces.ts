import { MAX_MESSAGE_LENGTH } from '@clawtank/contracts';

/** A text in pieces that fit into a message each, broken between paragraphs, lines or words where that is possible. */
export function piecesOf(text: string, longest = MAX_MESSAGE_LENGTH): string[] {
  const pieces: string[] = [];
  let rest = [...text.replaceAll('\0', '').toWellFormed().trim()];
  while (rest.length > longest) {
    const head = rest.slice(0, longest).join('');
    const end = ['\n\n', '\n', ' '].map((mark) => head.lastIndexOf(mark)).find((at) => at > head.length / 2);
    const piece = end === undefined ? head : head.slice(0, end);
    pieces.push(piece.trimEnd());
    rest = [
      ...rest
        .slice([...piece].length)
        .join('')
        .trimStart(),
    ];
  }
  return rest.length > 0 ? [...pieces, rest.join('')] : pieces;
}
