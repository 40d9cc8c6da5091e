import { Dialog } from '@angular/cdk/dialog';
import { createFlexibleConnectedPositionStrategy } from '@angular/cdk/overlay';
import { Injector, Service, inject } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { EmojiPicker } from './emoji-picker';

/** Lets the reader choose an emoji beside what they are doing. */
@Service()
export class PickEmoji {
  private readonly dialog = inject(Dialog);
  private readonly injector = inject(Injector);

  /** Resolves to null if none was chosen. The focus returns to where it was. */
  async beside(origin: HTMLElement): Promise<string | null> {
    const positionStrategy = createFlexibleConnectedPositionStrategy(this.injector, origin)
      .withViewportMargin(8)
      .withPush(true)
      .withPositions([
        { originX: 'end', originY: 'top', overlayX: 'end', overlayY: 'bottom', offsetY: -4 },
        { originX: 'end', originY: 'bottom', overlayX: 'end', overlayY: 'top', offsetY: 4 },
        { originX: 'start', originY: 'top', overlayX: 'start', overlayY: 'bottom', offsetY: -4 },
      ]);
    const dialog = this.dialog.open<string>(EmojiPicker, {
      ariaLabel: 'Choose an emoji',
      autoFocus: 'input',
      backdropClass: 'ct-clear',
      positionStrategy,
    });
    return (await firstValueFrom(dialog.closed)) ?? null;
  }
}
