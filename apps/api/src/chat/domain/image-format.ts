export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'gif';

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

const SIGNATURES: readonly {
  readonly format: ImageFormat;
  readonly parts: readonly [at: number, bytes: readonly number[]][];
}[] = [
  { format: 'png', parts: [[0, [0x89, ...ascii('PNG\r\n'), 0x1a, 0x0a]]] },
  { format: 'jpeg', parts: [[0, [0xff, 0xd8, 0xff]]] },
  { format: 'gif', parts: [[0, ascii('GIF8')]] },
  {
    format: 'webp',
    parts: [
      [0, ascii('RIFF')],
      [8, ascii('WEBP')],
    ],
  },
];

/** What kind of raster image the bytes begin as; null for everything else. Neither a name nor a claimed type is asked. */
export function imageFormatOf(bytes: Uint8Array): ImageFormat | null {
  const found = SIGNATURES.find(({ parts }) =>
    parts.every(([at, signature]) => signature.every((byte, index) => bytes[at + index] === byte)),
  );
  return found?.format ?? null;
}

/** As large as the best telephone’s pictures; a decoded one takes four bytes for each. */
const MAX_PIXELS = 50_000_000;

/** Whether an image, all its frames together, is small enough to be decoded: few bytes can claim to be very many pixels. */
export const isDecodable = (width: number, frameHeight: number, frames: number): boolean =>
  width > 0 && frameHeight > 0 && width * frameHeight * frames <= MAX_PIXELS;
