/** A key as a shortcut names it: `Alt+Shift+ArrowUp`, `Mod+K`, `?`. */
export interface KeyPress {
  readonly key: string;
  readonly mod: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}

export function keyPress(written: string): KeyPress {
  const parts = written.split('+');
  return {
    key: parts.at(-1)?.toLowerCase() ?? '',
    mod: parts.includes('Mod'),
    alt: parts.includes('Alt'),
    shift: parts.includes('Shift'),
  };
}

/** One character without Ctrl, Alt or ⌘: typed by accident, by speech input, or meant as text. */
export const isOneCharacter = (written: string): boolean => written.length === 1;

/** Whether this press is meant. A character such as `?` needs Shift on one keyboard and not on another. */
export function isPressed(press: KeyPress, event: KeyboardEvent, isApple: boolean): boolean {
  const mod = isApple ? event.metaKey : event.ctrlKey;
  const other = isApple ? event.ctrlKey : event.metaKey;
  const isSign = press.key.length === 1 && !/[a-z]/.test(press.key);
  return (
    event.key.toLowerCase() === press.key &&
    mod === press.mod &&
    !other &&
    event.altKey === press.alt &&
    (isSign || event.shiftKey === press.shift)
  );
}
