import { DOCUMENT, Service, inject, signal } from '@angular/core';

const KEY = 'clawtank.single-keys';

/** Whether shortcuts of a single character work. Kept on this device: it depends on how its reader types. */
@Service()
export class SingleKeys {
  private readonly storage = inject(DOCUMENT).defaultView?.localStorage;
  private readonly on = signal(this.read());

  readonly areOn = this.on.asReadonly();

  turn(on: boolean): void {
    this.on.set(on);
    try {
      this.storage?.setItem(KEY, on ? 'on' : 'off');
    } catch {
      // Storage is full or blocked: the choice holds until the page is closed.
    }
  }

  private read(): boolean {
    try {
      return this.storage?.getItem(KEY) !== 'off';
    } catch {
      return true;
    }
  }
}
