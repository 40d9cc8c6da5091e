/** What one tab tells the others: the outbox has changed, perhaps because the server has taken a message. */
export interface OutboxNews<Answer> {
  readonly taken: { readonly clientMessageId: string; readonly answer: Answer } | null;
}

/**
 * Tabs of one browser share one outbox: only one sends the messages of a lane at a time, and all show the same. Outside a
 * secure context there are no locks; then two tabs may both send a message, which its id makes harmless.
 */
export class OutboxTabs<Answer> {
  private readonly channel: BroadcastChannel | null;

  constructor(
    private readonly name: string,
    private readonly window: (Window & typeof globalThis) | null,
  ) {
    this.channel = window && 'BroadcastChannel' in window ? new BroadcastChannel(name) : null;
  }

  /** Runs `work` while no other tab does the same for this lane; the lock of a tab that crashed is free. */
  oneAtATime(readerId: string, lane: string, work: () => Promise<void>): Promise<void> {
    const locks = this.window?.navigator.locks;
    return locks ? locks.request(`${this.name}.${readerId}.${lane}`, work) : work();
  }

  tell(news: OutboxNews<Answer>): void {
    this.channel?.postMessage(news);
  }

  listen(hear: (news: OutboxNews<Answer>) => void): void {
    this.channel?.addEventListener('message', ({ data }: MessageEvent<OutboxNews<Answer>>) => hear(data));
  }
}
