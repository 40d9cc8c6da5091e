import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { Component, computed, inject, signal } from '@angular/core';
import { Button } from '../button';

export interface Confirmation {
  /** A question that names the thing: "Delete the room Harbour?" */
  readonly heading: string;
  /** What will be gone, and what will be kept. */
  readonly text: string;
  /** The deed, as the button's words: "Delete Harbour". */
  readonly deed: string;
  readonly isDangerous?: boolean;
  /** A name the reader has to type first, for what nobody can restore. */
  readonly typeToConfirm?: string;
}

/** The dialog that Confirm opens. */
@Component({
  selector: 'ct-confirm-dialog',
  imports: [Button],
  template: `
    <h2 id="ct-confirm-heading">{{ confirmation.heading }}</h2>
    <p id="ct-confirm-text">{{ confirmation.text }}</p>
    @if (confirmation.typeToConfirm; as name) {
      <label>
        <span
          >Type <strong>{{ name }}</strong> to confirm</span
        >
        <input #box autocomplete="off" spellcheck="false" [value]="typed()" (input)="typed.set(box.value)" />
      </label>
    }
    <div class="buttons">
      <button type="button" ctButton data-keep (click)="dialog.close(false)">Keep it as it is</button>
      <button
        type="button"
        [ctButton]="confirmation.isDangerous ? 'danger' : 'primary'"
        [disabled]="!isReady()"
        (click)="dialog.close(true)"
      >
        {{ confirmation.deed }}
      </button>
    </div>
  `,
  styleUrl: './confirm-dialog.css',
})
export class ConfirmDialog {
  protected readonly confirmation = inject<Confirmation>(DIALOG_DATA);
  protected readonly dialog = inject<DialogRef<boolean, ConfirmDialog>>(DialogRef);
  protected readonly typed = signal('');
  protected readonly isReady = computed(
    () => !this.confirmation.typeToConfirm || this.typed().trim() === this.confirmation.typeToConfirm,
  );
}
