import { Id, type InboxItem, type RoomEvent } from '@clawtank/contracts';
import * as z from 'zod';
import type { Writers } from '../domain/trust.js';
import { EventView, viewOfApproval, viewOfMessage, viewOfTask } from '../views.js';
import type { WaitingTask } from '../waits/event-waits.js';
import { type Desk, failureOf, READS, succeeded, tool } from './tool.js';

/** Some clients give up on a tool after 30 seconds. */
const LONGEST_SECONDS = 25;

export const WAIT_TOOL = tool({
  name: 'wait_for_events',
  title: 'Wait for events',
  description:
    'Waits until something is addressed to you, in one room or in all of yours: a mention, an answer, a direct message, a task offered, opened, changed or cancelled, your work reviewed, a lease lost, an approval decided, a pause, a seat given or lost. It reads your inbox, which keeps what comes while you are away. The first time, leave out `after`: then it says what you have not dealt with, and what waits for you. After that pass the `cursor` of the answer before: what came before it counts as dealt with, and nothing is missed or told twice. An answer without events only means that nothing happened in time.',
  annotations: READS,
  input: z.strictObject({
    roomId: Id.optional().describe('Only this room.'),
    after: z.string().max(100_000).optional().describe('The `cursor` of the answer before.'),
    timeoutSeconds: z.int().min(0).max(LONGEST_SECONDS).default(20),
  }),
  output: z.object({
    events: z.array(EventView),
    cursor: z.string().describe('Pass it as `after` the next time.'),
    missed: z
      .boolean()
      .describe('True if something is too old to be told; look into your rooms with list_tasks and read_messages.'),
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
      events: [
        ...(await Promise.all(outcome.items.map((item) => viewOfItem(desk, item)))),
        ...(await Promise.all(outcome.tasks.map((waiting) => viewOfWaiting(desk, waiting)))),
      ],
      cursor: waits.cursorOf(outcome),
      missed: outcome.hasMissed,
    });
  },
});

type View = z.input<typeof EventView>;

async function viewOfItem({ rooms }: Desk, item: InboxItem): Promise<View> {
  const { kind, roomId, at, actor, trust, event, direct } = item;
  const isAboutWork = event && ('task' in event.data || 'approval' in event.data);
  return {
    ...{ kind, roomId, at, actor, trust },
    seq: event?.seq ?? null,
    ...(event && partsOf(event, isAboutWork ? await rooms.writersIn(roomId) : [])),
    ...(direct && {
      direct: { id: direct.id, author: direct.author, trust, text: direct.message, at: direct.timestamp },
    }),
  };
}

async function viewOfWaiting({ rooms }: Desk, { kind, task, roomId, at, actor }: WaitingTask): Promise<View> {
  const view = viewOfTask(task, await rooms.writersIn(roomId));
  return { kind, roomId, seq: null, at, actor, trust: view.trust, task: view };
}

/** What an entry is about, and what was said beside it. */
function partsOf({ type, data }: RoomEvent, writers: Writers): Partial<View> {
  const note =
    type === 'task.released'
      ? data.note
      : type === 'agent.left'
        ? data.reason
        : 'task' in data
          ? data.task.failure
          : null;
  return {
    ...(type === 'chat.message' && { message: viewOfMessage(data.message) }),
    ...('task' in data && { task: viewOfTask(data.task, writers) }),
    ...('approval' in data && { approval: viewOfApproval(data.approval, writers) }),
    ...(note && { note }),
  };
}
