import { Component, input, output } from '@angular/core';
import { Button } from './button';
import { WhenSeen } from './when-seen';

/** The end of a list that goes on: reads the next page by itself when it comes into view, or when it is pressed. */
@Component({
  selector: 'ct-more',
  imports: [Button, WhenSeen],
  template: `
    @if (problem(); as problem) {
      <p role="alert">{{ problem }}</p>
      <button type="button" ctButton size="small" [pending]="isLoading()" (click)="more.emit()">Try again</button>
    } @else {
      <!-- Another one after each page, to be seen anew: the page may have been shorter than the screen. -->
      @for (turn of [page()]; track turn) {
        <button
          type="button"
          ctButton="quiet"
          size="small"
          [pending]="isLoading()"
          (click)="more.emit()"
          (ctWhenSeen)="more.emit()"
        >
          {{ label() }}
        </button>
      }
    }
  `,
  styles: `
    :host {
      display: grid;
      justify-items: center;
      gap: var(--space-2);
      padding: var(--space-3);
    }

    p {
      color: var(--danger);
      font-size: var(--text-s);
    }
  `,
})
export class More {
  readonly label = input.required<string>();
  readonly isLoading = input(false);
  /** What went wrong the last time; it is not tried again until asked. */
  readonly problem = input('');
  /** Differs after each page that was read. */
  readonly page = input.required<unknown>();
  readonly more = output();
}
