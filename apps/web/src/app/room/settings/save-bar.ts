import { Component, type Signal, input } from '@angular/core';
import { Button } from '../../shared/button';

/** A part of the settings, whatever it consists of. */
interface Savable {
  readonly fields: () => { readonly submitting: Signal<boolean> };
  readonly isChanged: Signal<boolean>;
  readonly refusal: Signal<string>;
  undo(): void;
}

/** Ends a part of the settings: saves what was changed, or takes it back. Not there for whom nothing can be changed. */
@Component({
  selector: 'ct-save-bar',
  imports: [Button],
  template: `
    @let part = settings();
    @if (!part.refusal()) {
      <button ctButton="primary" [disabled]="!part.isChanged()" [pending]="part.fields().submitting()">
        Save changes
      </button>
      @if (part.isChanged()) {
        <button type="button" ctButton="quiet" (click)="part.undo()">Undo</button>
      }
    }
  `,
  styles: `
    :host {
      display: flex;
      gap: var(--space-2);
    }

    :host:empty {
      display: none;
    }
  `,
})
export class SaveBar {
  readonly settings = input.required<Savable>();
}
