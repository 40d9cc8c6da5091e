import { createHash } from 'node:crypto';

export type ApprovalKind = 'execute' | 'edit' | 'read' | 'network' | 'other';

/** The name under which a step is asked about: the same for the same step under the same lease, also after a restart of the bridge. */
export function approvalId(taskId: string, fence: number, toolCallId: string, time: number): string {
  const hash = createHash('sha256').update(JSON.stringify([taskId, fence, toolCallId, time]));
  return `step:${hash.digest('hex').slice(0, 40)}`;
}
