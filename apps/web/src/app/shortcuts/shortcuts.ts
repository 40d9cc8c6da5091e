import { DOCUMENT, DestroyRef, Service, inject } from '@angular/core';
import { isApple } from '../shared/keys';
import { type KeyPress, isOneCharacter, isPressed, keyPress } from './key-press';
import { SHORTCUTS, type Shortcut, type ShortcutName } from './shortcut-table';
import { SingleKeys } from './single-keys';

type Deeds = { readonly [Name in ShortcutName]?: () => void };

interface Binding {
  readonly name: ShortcutName;
  readonly press: KeyPress;
  readonly whileWriting: boolean;
  readonly isOneCharacter: boolean;
}

/** Does what the keys of the table say, wherever the focus is, unless the page has used the key itself. */
@Service()
export class Shortcuts {
  private readonly document = inject(DOCUMENT);
  private readonly singleKeys = inject(SingleKeys);
  private readonly isApple = isApple(this.document);
  private readonly bound: Deeds[] = [];
  private readonly bindings = Object.entries<Shortcut>(SHORTCUTS).flatMap(([name, { keys, whileWriting }]) =>
    keys.map((written): Binding => ({
      name: name as ShortcutName,
      press: keyPress(written),
      whileWriting: whileWriting === true && !isOneCharacter(written),
      isOneCharacter: isOneCharacter(written),
    })),
  );

  constructor() {
    const press = (event: KeyboardEvent) => this.press(event);
    this.document.addEventListener('keydown', press);
    inject(DestroyRef).onDestroy(() => this.document.removeEventListener('keydown', press));
  }

  /** Says what these shortcuts do, until what it returns is called. Of several, the last one counts. */
  bind(deeds: Deeds): () => void {
    this.bound.push(deeds);
    return () => this.bound.splice(this.bound.indexOf(deeds), 1);
  }

  private press(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || event.repeat || this.isDialogOpen()) {
      return;
    }
    const isWriting = isTextField(event.target);
    const pressed = this.bindings.find(
      (one) =>
        (one.whileWriting || !isWriting) &&
        (!one.isOneCharacter || this.singleKeys.areOn()) &&
        isPressed(one.press, event, this.isApple),
    );
    const deed = pressed && this.bound.findLast((deeds) => deeds[pressed.name])?.[pressed.name];
    if (deed) {
      event.preventDefault();
      deed();
    }
  }

  /** A dialog has the keyboard to itself. */
  private isDialogOpen(): boolean {
    return this.document.querySelector('[aria-modal=true], dialog[open]') !== null;
  }
}

function isTextField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=button])'))
  );
}
