import { Id } from '@clawtank/contracts';
import * as z from 'zod';
import { EventView, viewOfApproval, viewOfMessage, viewOfTask } from '../views.js';
import type { Heard } from '../waits/wait.js';
import { type Desk, failureOf, READS, succeeded, tool } from './tool.js';

/** Some clients give up on a tool after 30 seconds. */
const LONGEST_SECONDS = 25;

export const WAIT_TOOL = tool({
  name: 'wait_for_events',
  title: 'Wait for events',
  description:
    'Waits until something is addressed to you, in one room or in all of yours: a mention, an answer, a task offered, opened, changed or cancelled, your work reviewed, a lease lost, an approval decided, a pause, a seat given or lost. The first time, leave out `after`: then it also says what waits for you already. After that pass the `cursor` of the answer before, and nothing is missed or told twice. An answer without events only means that nothing happened in time.',
  annotations: READS,
  input: z.strictObject({
    roomId: Id.optional().describe('Only this room.'),
    after: z.string().max(100_000).optional().describe('The `cursor` of the answer before.'),
    timeoutSeconds: z.int().min(0).max(LONGEST_SECONDS).default(20),
  }),
  output: z.object({
    events: z.array(EventView),
    cursor: z.string().describe('Pass it as `after` the next time.'),
    missedIn: z
      .array(Id)
      .describe('Rooms where too much happened to tell it one by one; look with list_tasks and read_messages.'),
  }),
  run: async (desk, { caller, gone }, { timeoutSeconds, ...request }) => {
    const { commands, waits } = desk;
    const opened = await commands.answer('wait_for_events', caller, () => waits.open(caller, request));
    if (!opened.ok) {
      return { ok: false, failure: failureOf(opened.error) };
    }
    const end = AbortSignal.any([gone, AbortSignal.timeout(timeoutSeconds * 1000)]);
    const outcome = await waits.finish(caller, opened.data, end);
    return succeeded({
      events: await Promise.all(outcome.heard.map((heard) => viewOf(desk, heard))),
      cursor: waits.cursorOf(outcome),
      missedIn: [...outcome.missedIn],
    });
  },
});

async function viewOf({ rooms }: Desk, heard: Heard): Promise<z.input<typeof EventView>> {
  const { message, task, approval, kind, roomId, seq, at, actor, note } = heard;
  const members = task || approval ? await rooms.writersIn(roomId) : [];
  return {
    kind,
    roomId,
    seq,
    at,
    actor,
    ...(message && { message: viewOfMessage(message) }),
    ...(task && { task: viewOfTask(task, members) }),
    ...(approval && { approval: viewOfApproval(approval, members) }),
    ...(note !== undefined && { note }),
  };
}
