import { DOCUMENT, DestroyRef, Service, inject, signal } from '@angular/core';

/** Relative times are told to the minute at best; looking this often keeps them right. */
const TICK = 5_000;

/** The time, as a signal that moves on its own while the page is looked at. */
@Service()
export class Now {
  private readonly document = inject(DOCUMENT);
  private readonly moment = signal(Date.now());
  readonly value = this.moment.asReadonly();

  constructor() {
    const tick = () => {
      if (!this.document.hidden) {
        this.moment.set(Date.now());
      }
    };
    const timer = setInterval(tick, TICK);
    this.document.addEventListener('visibilitychange', tick);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
      this.document.removeEventListener('visibilitychange', tick);
    });
  }
}
