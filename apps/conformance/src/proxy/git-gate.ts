/** Lets the agent's requests to the repository through, keeps them waiting, or has them fail. */
export class GitGate {
  private waiting: { readonly promise: Promise<void>; readonly open: () => void } | null = null;
  private failing = false;

  /** From now on nothing gets an answer: whoever has to fetch or to push is at work for as long as this lasts. */
  close(): void {
    if (!this.waiting) {
      let open = (): void => undefined;
      const promise = new Promise<void>((resolve) => (open = resolve));
      this.waiting = { promise, open };
    }
  }

  open(): void {
    this.failing = false;
    this.waiting?.open();
    this.waiting = null;
  }

  /** From now on everything is answered with 503. */
  fail(): void {
    this.failing = true;
  }

  async pass(): Promise<'go on' | 'fail'> {
    await this.waiting?.promise;
    return this.failing ? 'fail' : 'go on';
  }
}
