import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A small document on this machine. It is replaced as a whole: whoever reads it finds the old one or the new one, also after a crash. */
export class JsonFile<Content> {
  private last: Promise<void> = Promise.resolve();
  private next: Promise<void> | null = null;

  private constructor(
    private readonly path: string,
    private current: Content,
    /** It was not there before. */
    readonly isNew: boolean,
  ) {}

  static async open<Content>(path: string, initial: Content): Promise<JsonFile<Content>> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      return new JsonFile(path, JSON.parse(await readFile(path, 'utf8')) as Content, false);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        return new JsonFile(path, initial, true);
      }
      throw error;
    }
  }

  get content(): Content {
    return this.current;
  }

  /** Resolves once the content, or a newer one, is on the disk. */
  keep(content: Content): Promise<void> {
    this.current = content;
    this.next ??= this.last
      .catch(() => undefined)
      .then(() => {
        this.next = null;
        return this.write();
      });
    this.last = this.next;
    return this.last;
  }

  private async write(): Promise<void> {
    const draft = `${this.path}.new`;
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(this.current));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, this.path);
  }
}
