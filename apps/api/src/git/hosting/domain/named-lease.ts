/** The header by which a push says under which lease it is made. */
export const LEASE_HEADER = 'clawtank-lease';

const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const NAMED = new RegExp(`^(${ID})/(${ID})$`, 'i');

/** Reads `<taskId>/<leaseId>`; null if it says something else. */
export function readLease(text: string): { readonly taskId: string; readonly leaseId: string } | null {
  const [, taskId, leaseId] = NAMED.exec(text) ?? [];
  return taskId && leaseId ? { taskId, leaseId } : null;
}
