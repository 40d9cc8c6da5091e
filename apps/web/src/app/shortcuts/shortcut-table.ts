/** Where a shortcut works, in the order in which help shows the areas. */
export const AREAS = {
  everywhere: 'Everywhere',
  room: 'In a room',
  message: 'On a message',
  composer: 'While writing',
} as const;
export type Area = keyof typeof AREAS;

export interface Shortcut {
  readonly area: Area;
  /** Ways to press it, such as `Mod+K`; `Mod` is ⌘ on a Mac and Ctrl elsewhere. The first is shown beside the thing it does. */
  readonly keys: readonly [string, ...string[]];
  readonly does: string;
  /** Also while the reader writes; others would take letters out of their text. */
  readonly whileWriting?: boolean;
}

/**
 * Every shortcut of the client, in one table. None takes a key of browsers or screen readers; those that are one
 * character long can be switched off, because speech input and screen readers say characters too.
 */
export const SHORTCUTS = {
  jump: {
    area: 'everywhere',
    keys: ['Mod+K'],
    does: 'Jump to a room, a person or an action',
    whileWriting: true,
  },
  help: {
    area: 'everywhere',
    keys: ['?', 'Mod+/'],
    does: 'Show these shortcuts and all commands',
    whileWriting: true,
  },
  search: { area: 'everywhere', keys: ['/', 'Mod+Shift+F'], does: 'Search messages', whileWriting: true },
  'previous-room': { area: 'everywhere', keys: ['Alt+ArrowUp'], does: 'Previous room', whileWriting: true },
  'next-room': { area: 'everywhere', keys: ['Alt+ArrowDown'], does: 'Next room', whileWriting: true },
  'previous-unread': {
    area: 'everywhere',
    keys: ['Alt+Shift+ArrowUp'],
    does: 'Previous room with something unread',
    whileWriting: true,
  },
  'next-unread': {
    area: 'everywhere',
    keys: ['Alt+Shift+ArrowDown'],
    does: 'Next room with something unread',
    whileWriting: true,
  },
  'mark-read': {
    area: 'room',
    keys: ['Escape'],
    does: 'Close what is open; then mark the room as read',
    whileWriting: true,
  },
} as const satisfies Record<string, Shortcut>;

export type ShortcutName = keyof typeof SHORTCUTS;

/** What a component does with keys of its own while it has the focus; told here so that help can show it. */
export const KEYS_IN_PLACE: readonly Shortcut[] = [
  { area: 'message', keys: ['ArrowUp', 'ArrowDown'], does: 'The message before and the next one' },
  { area: 'message', keys: ['R'], does: 'Reply' },
  { area: 'message', keys: ['T'], does: 'Open the thread' },
  { area: 'message', keys: ['+'], does: 'React' },
  { area: 'message', keys: ['E'], does: 'Edit' },
  { area: 'message', keys: ['P'], does: 'Pin for everybody, or unpin' },
  { area: 'message', keys: ['C'], does: 'Copy the text' },
  { area: 'message', keys: ['L'], does: 'Copy a link to it' },
  { area: 'message', keys: ['Delete'], does: 'Delete' },
  { area: 'composer', keys: ['Enter'], does: 'Send' },
  { area: 'composer', keys: ['Shift+Enter'], does: 'New line' },
  { area: 'composer', keys: ['ArrowUp'], does: 'Edit your last message, while nothing is written' },
  { area: 'composer', keys: ['Mod+B'], does: 'Bold; Mod+I italic, Mod+E code, Mod+Shift+X struck out' },
  { area: 'composer', keys: [':'], does: 'An emoji by its name' },
  { area: 'composer', keys: ['@'], does: 'Name a person or an agent; Enter or Tab takes what is marked' },
  { area: 'composer', keys: ['/'], does: 'A command, at the beginning of a message' },
];
