/** What can be done with a message, by its toolbar, its menu or a key. */
export type Deed = 'react' | 'reply' | 'thread' | 'edit' | 'pin' | 'delete' | 'copy-text' | 'copy-link' | 'history';

const KEYS: { readonly [Key in string]: Deed } = {
  '+': 'react',
  r: 'reply',
  t: 'thread',
  e: 'edit',
  p: 'pin',
  c: 'copy-text',
  l: 'copy-link',
  Delete: 'delete',
};

/** What a key means while a message has the focus. */
export function deedOf({ key, ctrlKey, altKey, metaKey }: KeyboardEvent): Deed | null {
  return ctrlKey || altKey || metaKey ? null : (KEYS[key.length === 1 ? key.toLowerCase() : key] ?? null);
}
