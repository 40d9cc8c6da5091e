import { Dialog } from '@angular/cdk/dialog';
import { Service, inject } from '@angular/core';
import type { Ability } from '@clawtank/contracts';

/** Which commands to show: those that the reader may use in the room they are in, or all of them. */
export interface HelpRequest {
  readonly may: (ability: Ability) => boolean;
}

/** Opens the overlay of all shortcuts and commands. */
@Service()
export class Help {
  private readonly dialog = inject(Dialog);

  /** The dialog is loaded when it is first opened. */
  async open(may: HelpRequest['may'] = () => true): Promise<void> {
    const { HelpDialog } = await import('./help-dialog');
    this.dialog.open<void, HelpRequest>(HelpDialog, {
      data: { may },
      ariaLabelledBy: 'help-heading',
      autoFocus: '#help-heading',
      backdropClass: 'ct-scrim',
    });
  }
}
