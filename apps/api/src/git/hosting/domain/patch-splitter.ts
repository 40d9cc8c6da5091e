const NEWLINE = 0x0a;
const FILE_HEADER = Buffer.from('diff --git ');

export interface PatchLimits {
  /** For all files together. */
  readonly maxBytes: number;
  readonly maxFileBytes: number;
}

export interface FilePatch {
  readonly text: string;
  /** Lines are missing at its end. */
  readonly isTruncated: boolean;
}

/**
 * Cuts the output of `git diff -p` into one patch for each file, keeping whole lines within limits whatever the size
 * of the whole. A line that begins with `diff --git` is always a header: git puts ' ', '+', '-' or '\' before content
 * and quotes line feeds in names.
 */
export class PatchSplitter {
  private readonly files: { lines: Buffer[]; bytes: number; isTruncated: boolean }[] = [];
  private line: Buffer[] = [];
  private lineBytes = 0;
  private totalBytes = 0;
  private full = false;

  constructor(private readonly limits: PatchLimits) {}

  /** True once the limit for all files is reached: nothing that comes later is kept. */
  get isFull(): boolean {
    return this.full;
  }

  push(chunk: Buffer): void {
    for (let from = 0; from < chunk.length;) {
      const newline = chunk.indexOf(NEWLINE, from);
      const end = newline === -1 ? chunk.length : newline + 1;
      this.extendLine(chunk.subarray(from, end));
      if (newline !== -1) {
        this.endLine();
      }
      from = end;
    }
  }

  /** The patches in the order in which they came. */
  patches(): FilePatch[] {
    return this.files.map(({ lines, isTruncated }) => ({ text: Buffer.concat(lines).toString(), isTruncated }));
  }

  /** Of a line too long to be kept, only its length is remembered. */
  private extendLine(piece: Buffer): void {
    if (this.lineBytes <= this.limits.maxFileBytes) {
      this.line.push(piece);
    }
    this.lineBytes += piece.length;
  }

  private endLine(): void {
    const line = Buffer.concat(this.line);
    if (line.subarray(0, FILE_HEADER.length).equals(FILE_HEADER)) {
      this.files.push({ lines: [], bytes: 0, isTruncated: false });
    }
    this.keep(line, this.lineBytes);
    this.line = [];
    this.lineBytes = 0;
  }

  private keep(line: Buffer, bytes: number): void {
    const file = this.files.at(-1);
    if (file === undefined) {
      return;
    }
    this.full ||=
      !file.isTruncated &&
      bytes <= this.limits.maxFileBytes - file.bytes &&
      this.totalBytes + bytes > this.limits.maxBytes;
    file.isTruncated ||= this.full || file.bytes + bytes > this.limits.maxFileBytes;
    if (!file.isTruncated) {
      file.lines.push(line);
      file.bytes += bytes;
      this.totalBytes += bytes;
    }
  }
}
