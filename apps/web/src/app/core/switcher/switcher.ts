import { Dialog } from '@angular/cdk/dialog';
import { Service, inject } from '@angular/core';

/** Opens the quick way to any room, person or action. */
@Service()
export class Switcher {
  private readonly dialog = inject(Dialog);

  /** The dialog is loaded when it is first opened. */
  async open(): Promise<void> {
    const { SwitcherDialog } = await import('./switcher-dialog');
    this.dialog.open(SwitcherDialog, {
      ariaLabel: 'Jump to a room, a person or an action',
      autoFocus: 'input',
      backdropClass: 'ct-scrim',
      panelClass: 'ct-at-top',
    });
  }
}
