import { type Check, firstComplaint, notShown, unless } from '../check.js';
import type { EntryOf } from '../entry.js';
import type { Recording } from '../recording.js';

const SILENT = notShown('The agent did not ask for its inbox');

/** The scenes in which a new connection is given the time that reading takes. */
const AFTER_CUTS: readonly string[] = ['interruptions', 'while away'];

interface Page {
  readonly upTo: number;
  readonly items: readonly { readonly number: number }[];
}

const pages = (recording: Recording): Page[] =>
  recording.accepted('read_inbox').flatMap(({ reply }) => (reply.ok ? [reply.data as Page] : []));

const upToOf = ({ request }: EntryOf<'asked'>): number => Number(request['upTo']);

/** How far the agent can have read when it asked for this. */
const readBefore = (recording: Recording, entry: EntryOf<'asked'>): number =>
  Math.max(0, ...pages(recording.before(entry)).map(({ upTo }) => upTo));

export const INBOX: readonly Check[] = [
  {
    id: 'inbox.acknowledges-what-it-read',
    level: 'must',
    promise: 'Acknowledges nothing in its inbox that it has not read.',
    source: 'docs/protocol.md, ack_inbox',
    judge(recording) {
      const acknowledged = recording.asked('ack_inbox');
      return acknowledged.length === 0
        ? SILENT
        : unless(
            firstComplaint(acknowledged, (entry) => {
              const read = readBefore(recording, entry);
              return upToOf(entry) > read && `It acknowledged up to ${upToOf(entry)}, and had read up to ${read}`;
            }),
          );
    },
  },
  {
    id: 'inbox.acknowledges-in-the-end',
    level: 'must',
    promise: 'Acknowledges what it read in its inbox, so that it does not come again for ever.',
    source: 'docs/protocol.md, ack_inbox',
    judge(recording) {
      const numbers = pages(recording).flatMap(({ items }) => items.map(({ number }) => number));
      if (numbers.length === 0) {
        return notShown('Nothing lay in the agent’s inbox when it asked');
      }
      const [first] = numbers.sort((a, b) => a - b);
      return unless(
        !recording.asked('ack_inbox').some((entry) => upToOf(entry) >= first!) &&
          'It read its inbox and acknowledged nothing',
      );
    },
  },
  {
    id: 'inbox.reads-again',
    level: 'must',
    promise: 'Reads its inbox on every new connection: hints that came meanwhile are lost.',
    source: 'docs/protocol.md, inbox',
    judge(recording) {
      const [first] = recording.asked('read_inbox');
      const lines = recording
        .after(first)
        .accepted('agent_register')
        .filter(({ scene }) => AFTER_CUTS.includes(scene));
      return lines.length === 0
        ? SILENT
        : unless(
            firstComplaint(lines, (registered) => {
              const isShort = recording
                .onLine(registered.line)
                .of('closed')
                .some(({ at }) => at - registered.at < 1000);
              const asked = recording.onLine(registered.line).asked('read_inbox').length > 0;
              return !isShort && !asked && `On connection ${registered.line} it did not look into its inbox`;
            }),
          );
    },
  },
  {
    id: 'inbox.heeds-its-own-wait',
    level: 'should',
    promise: 'Does not claim a task again before the time until which it said it cannot do it.',
    source: 'docs/protocol.md, fail_task',
    judge(recording) {
      const waits = recording.accepted('fail_task').filter(({ request }) => request['until'] !== undefined);
      return waits.length === 0
        ? notShown('The agent let no task wait')
        : unless(
            firstComplaint(waits, (failed) => {
              const { waitsUntil, updatedAt } = (failed.reply as { data: { waitsUntil: string; updatedAt: string } })
                .data;
              const over = failed.at + Date.parse(waitsUntil) - Date.parse(updatedAt);
              const claims = recording.after(failed).aboutTask(String(failed.request['taskId'])).asked('claim_task');
              return claims.some(({ at }) => at < over) && 'It claimed a task for which it wanted to wait';
            }),
          );
    },
  },
];
