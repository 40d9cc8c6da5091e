const LINE_LENGTH = 70;

/** Bytes as text between a line that opens and one that closes, as OpenSSH writes signatures and private keys. */
export function armored(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(new RegExp(`.{1,${LINE_LENGTH}}`, 'g')) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** The bytes between the two lines; null if that is not all there is, or not base64. */
export function unarmored(label: string, text: string): Buffer | null {
  const lines = text.trimEnd().split(/\r?\n/);
  if (lines.shift() !== `-----BEGIN ${label}-----` || lines.pop() !== `-----END ${label}-----`) {
    return null;
  }
  return fromBase64(lines.join(''));
}

/** Node reads past what is not base64; this does not. */
export function fromBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return text !== '' && bytes.toString('base64') === text ? bytes : null;
}
