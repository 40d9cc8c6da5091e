import * as z from 'zod';
import { Actor, CommandId, Id, Instant, OptionalText, Text } from './primitives.js';

/** What kind of step it is; the words are the agent's. */
export const APPROVAL_KINDS = ['execute', 'edit', 'read', 'network', 'other'] as const;
export const ApprovalKind = z.enum(APPROVAL_KINDS);
export type ApprovalKind = z.infer<typeof ApprovalKind>;

/** `withdrawn`: there is nothing left to decide, because the agent said so, or because it no longer holds the task. */
export const APPROVAL_STATES = ['pending', 'approved', 'rejected', 'withdrawn'] as const;
export const ApprovalState = z.enum(APPROVAL_STATES);
export type ApprovalState = z.infer<typeof ApprovalState>;

export const Approval = z
  .object({
    id: Id,
    roomId: Id,
    taskId: Id,
    taskNumber: z.int(),
    /** The agent's own name for what it asks; the same for the same step of the same lease. */
    approvalId: z.string(),
    agent: Actor,
    /** Who answers for the agent, and decides. */
    owner: Actor,
    kind: ApprovalKind,
    title: z.string(),
    /** Exactly what would be done, e.g. the command line. */
    detail: z.string(),
    state: ApprovalState,
    decidedBy: Actor.nullable(),
    note: z.string(),
    requestedAt: Instant,
    decidedAt: Instant.nullable(),
  })
  .meta({ id: 'Approval', description: 'A step that an agent does not take without leave.' });
export type Approval = z.infer<typeof Approval>;

/** Asking again with the same `approvalId` under the same lease answers how it stands, and asks nobody twice. */
export const RequestApproval = z.object({
  roomId: Id,
  taskId: Id,
  leaseId: Id,
  approvalId: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[\w.:-]+$/, 'Use letters, digits and . : _ -'),
  kind: ApprovalKind,
  title: Text(200),
  detail: OptionalText(4000).default(''),
  commandId: CommandId.optional(),
});
export type RequestApproval = z.infer<typeof RequestApproval>;

/** Names the step as it was asked for. What was decided already stays so, and is answered. */
export const WithdrawApproval = RequestApproval.pick({
  roomId: true,
  taskId: true,
  leaseId: true,
  approvalId: true,
  commandId: true,
});
export type WithdrawApproval = z.infer<typeof WithdrawApproval>;

export const DecideApproval = z.object({
  roomId: Id,
  /** The server's `id` of the approval. */
  id: Id,
  decision: z.enum(['approved', 'rejected']),
  /** Why, for the agent. */
  note: OptionalText(500).default(''),
  commandId: CommandId.optional(),
});
export type DecideApproval = z.infer<typeof DecideApproval>;
