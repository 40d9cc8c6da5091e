import { DOCUMENT, Service, inject } from '@angular/core';
import { LiveSocket } from './live-socket';

/** A reader who touched nothing for so long is not at the keyboard. */
const IDLE_AFTER = 5 * 60_000;
const SIGNS_OF_LIFE = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** Lets others see whether the reader is at the keyboard and looks at the page. */
@Service()
export class OwnPresence {
  private readonly socket = inject(LiveSocket);
  private readonly document = inject(DOCUMENT);
  private status: 'active' | 'idle' = 'active';
  private timer: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    this.socket.whenConnected(() => this.tell());
    this.document.addEventListener('visibilitychange', () => this.seen());
    for (const sign of SIGNS_OF_LIFE) {
      this.document.addEventListener(sign, () => this.seen(), { passive: true });
    }
    this.seen();
  }

  private seen(): void {
    clearTimeout(this.timer);
    if (this.document.hidden) {
      this.become('idle');
    } else {
      this.become('active');
      this.timer = setTimeout(() => this.become('idle'), IDLE_AFTER);
    }
  }

  private become(status: 'active' | 'idle'): void {
    if (status !== this.status) {
      this.status = status;
      this.tell();
    }
  }

  private tell(): void {
    this.socket.ask('set_presence', { status: this.status }).catch(() => undefined); // the next connection says it again
  }
}
