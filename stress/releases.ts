type Release = () => void | Promise<void>;

/** What has to be undone, last first, however things end. */
export class Releases {
  private readonly waiting: Release[] = [];
  private isOver = false;

  readonly keep = (release: Release): void => {
    if (this.isOver) {
      void release();
    } else {
      this.waiting.push(release);
    }
  };

  async all(): Promise<void> {
    this.isOver = true;
    for (let release = this.waiting.pop(); release; release = this.waiting.pop()) {
      await Promise.resolve()
        .then(release)
        .catch((error: unknown) => console.error(error));
    }
  }
}
