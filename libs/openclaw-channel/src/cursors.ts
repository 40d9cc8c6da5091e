import { JsonFile } from './json-file.js';

type Places = Readonly<Record<string, number>>;

/** How far the agent has come in each conversation, kept on this machine. */
export class Cursors {
  private constructor(private readonly file: JsonFile<Places>) {}

  static async open(path: string): Promise<Cursors> {
    return new Cursors(await JsonFile.open<Places>(path, {}));
  }

  /** Nothing was heard on this machine before: what was said until now is not for the agent to answer. */
  get isNew(): boolean {
    return this.file.isNew;
  }

  /** The last message that was dealt with; null if none was. */
  of(conversation: string): number | null {
    return this.file.content[conversation] ?? null;
  }

  /** Resolves once it is on the disk. */
  advance(conversation: string, seq: number): Promise<void> {
    return this.file.keep({ ...this.file.content, [conversation]: Math.max(seq, this.of(conversation) ?? 0) });
  }
}
