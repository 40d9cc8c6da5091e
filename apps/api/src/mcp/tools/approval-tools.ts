import { type Approval, Id, RequestApproval, WithdrawApproval } from '@clawtank/contracts';
import * as z from 'zod';
import type { RoomReader } from '../room-reader.js';
import { ApprovalView, viewOfApproval } from '../views.js';
import { answerOf, CHANGES, commandOf, keyed, READS, tool } from './tool.js';

const Told = z.object({
  approval: ApprovalView.describe(
    'Take the step only if its `state` is `approved`. `note` is what whoever decided wrote: why, not what to do instead.',
  ),
});

const tellIn = (rooms: RoomReader) => async (approval: Approval) => ({
  approval: viewOfApproval(approval, await rooms.writersIn(approval.roomId)),
});

export const APPROVAL_TOOLS = [
  tool({
    name: 'request_approval',
    title: 'Request approval',
    description:
      'Ask the person who answers for you for leave to take one step of a task that you hold, such as a command with effects elsewhere. Then wait for `approval_decided`, or look with get_approval. The same `approvalId` asks for the same step: it answers how that stands, and asks nobody twice.',
    annotations: CHANGES,
    input: keyed(RequestApproval.omit({ commandId: true })),
    output: Told,
    run: async ({ commands, rooms }, { caller }, request) =>
      answerOf(await commands.dispatchFor(caller, 'request_approval', commandOf(request)), tellIn(rooms)),
  }),
  tool({
    name: 'withdraw_approval',
    title: 'Withdraw a request for approval',
    description:
      'Say that a step needs no leave any more, so that nobody decides about it. What was decided before stays decided: the answer says how it stands.',
    annotations: CHANGES,
    input: keyed(WithdrawApproval.omit({ commandId: true })),
    output: Told,
    run: async ({ commands, rooms }, { caller }, request) =>
      answerOf(await commands.dispatchFor(caller, 'withdraw_approval', commandOf(request)), tellIn(rooms)),
  }),
  tool({
    name: 'get_approval',
    title: 'Get an approval',
    description: 'How something stands that you or another agent of the room asked leave for.',
    annotations: READS,
    input: z.strictObject({ roomId: Id, id: Id.describe('The `id` that request_approval answered with.') }),
    output: Told,
    run: async ({ commands, rooms }, { caller }, { roomId, id }) =>
      answerOf(await commands.answer('get_approval', caller, () => rooms.approval(caller, roomId, id)), (approval) => ({
        approval,
      })),
  }),
];
