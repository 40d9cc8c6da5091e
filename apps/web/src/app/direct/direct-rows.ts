import type { DirectMessage } from '@clawtank/contracts';

/** A line of the conversation: where a day begins, where the new begins, or what somebody said. */
export type DirectRow =
  | { readonly kind: 'day'; readonly key: string; readonly at: string }
  | { readonly kind: 'new'; readonly key: string }
  | { readonly kind: 'said'; readonly key: string; readonly message: DirectMessage; readonly starts: boolean };

/** What one person says within this time stands under one name. */
const TOGETHER = 5 * 60_000;

/** The messages as rows. `readUpTo` is how far the reader had read when they came. */
export function directRows(messages: readonly DirectMessage[], readUpTo: number | null, readerId: string): DirectRow[] {
  const rows: DirectRow[] = [];
  const firstNew = messages.find(({ seq, userId }) => readUpTo !== null && seq > readUpTo && userId !== readerId);
  let before: DirectMessage | null = null;
  for (const message of messages) {
    const isNewDay =
      !before || new Date(before.timestamp).toDateString() !== new Date(message.timestamp).toDateString();
    if (isNewDay) {
      rows.push({ kind: 'day', key: `day-${message.id}`, at: message.timestamp });
    }
    if (message === firstNew) {
      rows.push({ kind: 'new', key: 'new' });
    }
    const isSoon = before && Date.parse(message.timestamp) - Date.parse(before.timestamp) < TOGETHER;
    const starts = isNewDay || message === firstNew || !isSoon || before?.userId !== message.userId;
    rows.push({ kind: 'said', key: message.id, message, starts });
    before = message;
  }
  return rows;
}
