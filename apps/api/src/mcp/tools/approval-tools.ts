import { type Approval, Id, RequestApproval } from '@clawtank/contracts';
import * as z from 'zod';
import { ApprovalView, viewOfApproval } from '../views.js';
import { answerOf, CHANGES, commandOf, keyed, READS, tool } from './tool.js';

const Told = z.object({
  approval: ApprovalView.describe(
    'Take the step only if its `state` is `approved`. `note` is what whoever decided wrote: why, not what to do instead.',
  ),
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
      answerOf(
        await commands.dispatchFor(caller, 'request_approval', commandOf(request)),
        async (approval: Approval) => ({ approval: viewOfApproval(approval, await rooms.writersIn(approval.roomId)) }),
      ),
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
