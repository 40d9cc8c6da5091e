import { Component, inject, signal } from '@angular/core';
import { BrowserNotices } from '../notifications/browser-notices';
import { SingleKeys } from '../shortcuts/single-keys';

/** What this device may do to get the reader's attention, and which keys it takes. */
@Component({
  selector: 'ct-notification-settings',
  template: `
    <section aria-labelledby="notifications-settings">
      <h2 id="notifications-settings">Notifications</h2>
      <label>
        <input
          type="checkbox"
          [checked]="browser.isOn()"
          [disabled]="!browser.isPossible() || browser.isDenied() || isAsking()"
          aria-describedby="notifications-note"
          (change)="turn(box)"
          #box
        />
        Show notifications of this browser while ClawTank is in the background
      </label>
      <p id="notifications-note" role="status">
        @if (!browser.isPossible()) {
          This browser cannot show notifications.
        } @else if (browser.isDenied()) {
          This browser has been told to show none for this page. You can allow them beside the address.
        } @else {
          Each is shown once, silently, and disappears as soon as you have read it anywhere. What a room tells you of is
          chosen in its menu.
        }
      </p>
    </section>
    <section aria-labelledby="keyboard-settings">
      <h2 id="keyboard-settings">Keyboard</h2>
      <label>
        <input type="checkbox" [checked]="singleKeys.areOn()" (change)="singleKeys.turn(keys.checked)" #keys />
        Shortcuts of a single character, such as ? and /
      </label>
      <p>Switch them off if you use speech input, or press them by accident.</p>
    </section>
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--space-7);
    }

    section {
      display: grid;
      gap: var(--space-2);
    }

    label {
      display: flex;
      align-items: center;
      gap: var(--space-2);
      min-height: var(--row);
    }

    p {
      color: var(--ink-faint);
      font-size: var(--text-s);
    }
  `,
})
export class NotificationSettings {
  protected readonly browser = inject(BrowserNotices);
  protected readonly singleKeys = inject(SingleKeys);
  protected readonly isAsking = signal(false);

  protected async turn(box: HTMLInputElement): Promise<void> {
    this.isAsking.set(true);
    await this.browser.turn(box.checked);
    this.isAsking.set(false);
    box.checked = this.browser.isOn();
  }
}
