/** What was read is not what its format says. It stays inside this library: callers get null. */
class Malformed extends Error {}

/** Reads SSH's binary format (RFC 4251, section 5) from the front to the back. */
export class WireReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  /** The next so many bytes, as they are. */
  take(length: number): Buffer {
    const end = this.at + length;
    if (end > this.bytes.length) {
      throw new Malformed();
    }
    const taken = this.bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  uint32(): number {
    return this.take(4).readUInt32BE();
  }

  /** Bytes that their length precedes. */
  string(): Buffer {
    return this.take(this.uint32());
  }

  text(): string {
    return this.string().toString();
  }

  /** A string that is one of these words. */
  oneOf<Word extends string>(words: readonly Word[]): Word {
    const text = this.text();
    const word = words.find((one) => one === text);
    if (word === undefined) {
      throw new Malformed();
    }
    return word;
  }

  rest(): Buffer {
    return this.take(this.bytes.length - this.at);
  }

  /** Refuses what is not as it must be. */
  must(condition: boolean): void {
    if (!condition) {
      throw new Malformed();
    }
  }
}

/** What `read` makes of all the bytes; null if they end too early or too late, or are not what they must be. */
export function readWire<Read>(bytes: Buffer, read: (reader: WireReader) => Read): Read | null {
  const reader = new WireReader(bytes);
  try {
    const value = read(reader);
    reader.must(reader.rest().length === 0);
    return value;
  } catch (error) {
    if (error instanceof Malformed) {
      return null;
    }
    throw error;
  }
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** The value with its length before it. */
export function string(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([uint32(bytes.length), bytes]);
}
