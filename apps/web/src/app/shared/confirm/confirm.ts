import { Dialog } from '@angular/cdk/dialog';
import { Service, inject } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { ConfirmDialog, type Confirmation } from './confirm-dialog';

/** Asks before something that cannot be taken back. */
@Service()
export class Confirm {
  private readonly dialog = inject(Dialog);

  /** Resolves to true only if the reader pressed the button that names the deed. */
  async ask(confirmation: Confirmation): Promise<boolean> {
    const dialog = this.dialog.open<boolean, Confirmation, ConfirmDialog>(ConfirmDialog, {
      data: confirmation,
      role: 'alertdialog',
      ariaLabelledBy: 'ct-confirm-heading',
      ariaDescribedBy: 'ct-confirm-text',
      autoFocus: confirmation.typeToConfirm ? 'input' : '[data-keep]',
      backdropClass: 'ct-scrim',
    });
    return (await firstValueFrom(dialog.closed, { defaultValue: false })) ?? false;
  }
}
