const TEXT = 0x81; // the final frame of a text message
const UP_TO_16_BITS = 126;
const UP_TO_64_BITS = 127;

/** A text as one whole WebSocket frame, as a server sends it: unmasked. The same bytes serve every receiver. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const headLength = length < UP_TO_16_BITS ? 2 : length < 0x1_0000 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headLength + length);
  frame[0] = TEXT;
  if (headLength === 2) {
    frame[1] = length;
  } else if (headLength === 4) {
    frame[1] = UP_TO_16_BITS;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = UP_TO_64_BITS;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.write(text, headLength);
  return frame;
}
