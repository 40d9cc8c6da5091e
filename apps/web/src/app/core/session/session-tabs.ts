import { DOCUMENT, Service, inject } from '@angular/core';
import type { SignedIn } from '@clawtank/contracts';

const NAME = 'clawtank.session';

/**
 * What the tabs of one browser owe each other: one renewal at a time, and word of what came of it. `null` means signed out.
 * Outside a secure context there are no locks; tabs then renew on their own, as if they were one.
 */
@Service()
export class SessionTabs {
  private readonly window = inject(DOCUMENT).defaultView;
  private readonly channel = this.window && 'BroadcastChannel' in this.window ? new BroadcastChannel(NAME) : null;

  oneAtATime(work: () => Promise<void>): Promise<void> {
    const locks = this.window?.navigator.locks;
    return locks ? locks.request(NAME, work) : work();
  }

  tell(news: SignedIn | null): void {
    this.channel?.postMessage(news);
  }

  listen(hear: (news: SignedIn | null) => void): void {
    this.channel?.addEventListener('message', ({ data }: MessageEvent<SignedIn | null>) => hear(data));
  }
}
