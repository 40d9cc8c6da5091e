import { DOCUMENT, Service, inject } from '@angular/core';

const NAME = 'clawtank.outbox';

/** What one tab tells the others: the outbox has changed, perhaps because the server has taken a message. */
export interface OutboxNews {
  readonly stored: { readonly clientMessageId: string; readonly roomId: string; readonly seq: number } | null;
}

/**
 * Tabs of one browser share one outbox: only one sends a room's messages at a time, and all show the same. Outside a secure
 * context there are no locks; then two tabs may both send a message, which its id makes harmless.
 */
@Service()
export class OutboxTabs {
  private readonly window = inject(DOCUMENT).defaultView;
  private readonly channel = this.window && 'BroadcastChannel' in this.window ? new BroadcastChannel(NAME) : null;

  /** Runs `work` while no other tab does the same for this room; the lock of a tab that crashed is free. */
  oneAtATime(readerId: string, roomId: string, work: () => Promise<void>): Promise<void> {
    const locks = this.window?.navigator.locks;
    return locks ? locks.request(`${NAME}.${readerId}.${roomId}`, work) : work();
  }

  tell(news: OutboxNews): void {
    this.channel?.postMessage(news);
  }

  listen(hear: (news: OutboxNews) => void): void {
    this.channel?.addEventListener('message', ({ data }: MessageEvent<OutboxNews>) => hear(data));
  }
}
