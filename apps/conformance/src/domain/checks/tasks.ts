import type { CommandName } from '@clawtank/contracts';
import { type Check, failed, firstComplaint, notShown, passed, unless } from '../check.js';
import type { EntryOf } from '../entry.js';
import type { Recording } from '../recording.js';

/** What an agent may hold in one room at once. */
const MAX_HELD = 3;
const CLAIM_MS = 10_000;
const ASK_AGAIN_MS = 500;
/** What was sent this shortly after the news may have crossed it. */
const CROSSING_MS = 250;

const UNDER_LEASE: readonly CommandName[] = [
  'lease_renew',
  'task_progress',
  'submit_work',
  'release_task',
  'fail_task',
  'request_approval',
  'withdraw_approval',
];
const CONCLUDING: readonly CommandName[] = ['submit_work', 'fail_task', 'release_task'];
const ONCE_ONLY: readonly CommandName[] = [
  'task_progress',
  'submit_work',
  'fail_task',
  'release_task',
  'request_approval',
  'withdraw_approval',
];

const taskOf = ({ request }: EntryOf<'asked'> | EntryOf<'answered'>): string => String(request['taskId']);
const leaseIdOf = ({ reply }: EntryOf<'answered'>): string | null =>
  reply.ok ? (reply.data as { lease: { leaseId: string } }).lease.leaseId : null;

const conclusionOf = (recording: Recording, taskId: string): EntryOf<'answered'> | undefined =>
  recording.aboutTask(taskId).accepted(...CONCLUDING)[0];

const claimsOf = (recording: Recording, taskId: string): EntryOf<'answered'>[] =>
  recording.aboutTask(taskId).accepted('claim_task');

/** The lease is gone, and the agent could know it: it was told, or a command of it was refused for it. */
function newsOfLoss(recording: Recording, taskId: string): EntryOf<'pushed'> | EntryOf<'answered'> | undefined {
  const told = recording
    .pushed('lease_lost')
    .find(({ data, fate }) => data['taskId'] === taskId && fate === 'delivered');
  const refused = recording
    .aboutTask(taskId)
    .answered()
    .find(({ reply, fate }) => !reply.ok && reply.error.code === 'lease_lost' && fate === 'delivered');
  return told && (!refused || told.at < refused.at) ? told : refused;
}

/** What the agent said about the task after that. */
const saidAfter = (recording: Recording, news: EntryOf<'pushed'> | EntryOf<'answered'>, taskId: string) =>
  recording
    .after(news)
    .aboutTask(taskId)
    .asked()
    .filter(({ at }) => at > news.at + CROSSING_MS);

const takenAway = (recording: Recording, how: 'told' | 'silent') =>
  recording.deeds('tookTaskAway').find((deed) => deed.how === how);

export const TASKS: readonly Check[] = [
  {
    id: 'tasks.claims-what-is-offered',
    level: 'must',
    promise: 'Claims a task that is given to it, within 10 seconds.',
    source: 'docs/protocol.md, task_assignment; claim_task',
    judge(recording) {
      const given = recording
        .during('first work')
        .deeds('gaveTask')
        .find(({ toAgent }) => toAgent);
      if (!given) {
        return notShown('The agent was given no task');
      }
      const [claim] = recording.aboutTask(given.taskId).asked('claim_task'); // perhaps before we heard that the task was made
      return unless(
        !claim
          ? 'It did not claim the task'
          : claim.at - given.at > CLAIM_MS && `It claimed the task after ${claim.at - given.at} ms`,
      );
    },
  },
  {
    id: 'tasks.claims-once',
    level: 'must',
    promise: 'Claims a task once, also if it is told of it twice.',
    source: 'docs/protocol.md, task_assignment: may come again',
    judge(recording) {
      const scene = recording.during('first work');
      const told = scene.pushed('task_assignment').find(({ fate }) => fate === 'repeated');
      if (!told) {
        return notShown('No task was told twice');
      }
      const taskId = String(told.data['taskId']);
      const claims = scene.aboutTask(taskId).asked('claim_task').length;
      return claims === 0
        ? notShown('The agent did not claim the task')
        : unless(claims > 1 && `It claimed one task ${claims} times on one connection`);
    },
  },
  {
    id: 'tasks.waits-for-a-late-answer',
    level: 'should',
    promise: 'Waits for an answer that is late, and does not ask again on the same connection.',
    source: 'docs/protocol.md, Connecting: every command is acknowledged',
    judge(recording) {
      const held = recording.deed('heldAnswer');
      const asked = held && recording.after(held).asked(held.command as CommandName)[0];
      const answered =
        asked &&
        recording
          .after(asked)
          .answered(asked.name)
          .find(({ ack, line }) => ack === asked.ack && line === asked.line);
      if (!asked || !answered) {
        return notShown('No answer was late');
      }
      const meanwhile = recording.after(asked).before(answered).aboutTask(taskOf(asked)).asked(asked.name);
      return unless(meanwhile.length > 0 && `It sent ${asked.name} again while the answer was on its way`);
    },
  },
  {
    id: 'tasks.leaves-others-alone',
    level: 'must',
    promise: 'Does nothing about a task of another agent.',
    source: 'docs/protocol.md, Task: assignedTo',
    judge(recording) {
      const others = recording.deeds('gaveTask').filter(({ toAgent }) => !toAgent);
      return others.length === 0
        ? notShown('There was no task of another agent')
        : unless(
            firstComplaint(others, ({ taskId }) => {
              const [said] = recording.aboutTask(taskId).asked();
              return said && `It sent ${said.name} about a task that was given to another agent`;
            }),
          );
    },
  },
  {
    id: 'tasks.holds-a-few',
    level: 'must',
    promise: 'Holds at most three tasks at once, and does not press for more.',
    source: 'docs/protocol.md, claim_task; agent_busy',
    judge(recording) {
      const scene = recording.during('many tasks');
      if (scene.accepted('claim_task').length < 2) {
        return notShown('The agent did not claim several tasks');
      }
      const held = new Set<string>();
      let most = 0;
      for (const entry of scene.answered().filter(({ reply }) => reply.ok)) {
        if (entry.name === 'claim_task') {
          held.add(taskOf(entry));
        } else if (CONCLUDING.includes(entry.name)) {
          held.delete(taskOf(entry));
        }
        most = Math.max(most, held.size);
      }
      const busy = scene.answered('claim_task').filter(({ reply }) => !reply.ok && reply.error.code === 'agent_busy');
      const pressed = busy.find((refusal) =>
        scene
          .after(refusal)
          .asked('claim_task')
          .some((claim) => taskOf(claim) === taskOf(refusal) && claim.at - refusal.at < ASK_AGAIN_MS),
      );
      return most > MAX_HELD
        ? failed(`It held ${most} tasks at once`)
        : unless(pressed && 'It asked again at once for a task that it was refused because it holds enough');
    },
  },
  {
    id: 'tasks.takes-them-in-turn',
    level: 'must',
    promise: 'Does all tasks that it is given at once, in the end.',
    source: 'docs/protocol.md, task_assignment',
    judge(recording) {
      const given = recording.during('many tasks').deeds('gaveTask');
      const left = given.filter(({ taskId }) => !conclusionOf(recording, taskId));
      return given.length === 0
        ? notShown('The agent was not given several tasks at once')
        : unless(left.length > 0 && `${left.length} of ${given.length} tasks were left lying`);
    },
  },
  {
    id: 'tasks.names-its-lease',
    level: 'must',
    promise: 'Names the lease that it was granted in every command about a task.',
    source: 'docs/protocol.md, claim_task: lease; DESIGN §4',
    judge(recording) {
      const said = recording.asked(...UNDER_LEASE);
      return said.length === 0
        ? notShown('The agent said nothing about a task')
        : unless(
            firstComplaint(said, (one) => {
              const granted = claimsOf(recording.before(one), taskOf(one)).map(leaseIdOf);
              return (
                !granted.includes(String(one.request['leaseId'])) &&
                `It sent ${one.name} without the lease of that task`
              );
            }),
          );
    },
  },
  {
    id: 'tasks.names-its-commands',
    level: 'must',
    promise: 'Gives every command that changes a task an id of its own.',
    source: 'docs/protocol.md, Connecting: commandId',
    judge(recording) {
      const said = recording.asked(...ONCE_ONLY);
      const contents = new Map<string, string>();
      return said.length === 0
        ? notShown('The agent changed no task')
        : unless(
            firstComplaint(said, ({ name, request }) => {
              const { commandId } = request;
              if (typeof commandId !== 'string') {
                return `It sent ${name} without a commandId`;
              }
              const content = JSON.stringify(request);
              const before = contents.get(commandId);
              contents.set(commandId, content);
              return before !== undefined && before !== content && `It used one commandId for different commands`;
            }),
          );
    },
  },
  {
    id: 'tasks.reports-progress',
    level: 'should',
    promise: 'Says how far the work is, at least once for each task.',
    source: 'docs/protocol.md, task_progress',
    judge(recording) {
      const done = recording.during('first work').accepted('submit_work');
      return done.length === 0
        ? notShown('The agent handed nothing in')
        : unless(
            firstComplaint(
              done,
              (one) =>
                recording.aboutTask(taskOf(one)).accepted('task_progress').length === 0 &&
                'It said nothing between the claim and the end',
            ),
          );
    },
  },
  {
    id: 'tasks.renews-in-time',
    level: 'must',
    promise: 'Renews its lease before it runs out, for as long as the work takes.',
    source: 'docs/protocol.md, lease_renew',
    judge(recording) {
      const scene = recording.during('long work');
      const held = scene.deed('heldWork');
      if (!held) {
        return notShown('The agent had no work that took long');
      }
      const renewed = scene.aboutTask(held.taskId).accepted('lease_renew').length;
      const lost = newsOfLoss(scene, held.taskId);
      const refused = scene
        .aboutTask(held.taskId)
        .answered('lease_renew')
        .some(({ reply }) => !reply.ok);
      return unless(
        refused || lost ? 'Its lease ran out while it worked' : renewed === 0 && 'It did not renew its lease in time',
      );
    },
  },
  {
    id: 'tasks.stops-when-told',
    level: 'must',
    promise: 'Says nothing more about a task once it was told `lease_lost`.',
    source: 'docs/protocol.md, lease_lost',
    judge(recording) {
      const deed = takenAway(recording, 'told');
      const news = deed && newsOfLoss(recording.after(deed), deed.taskId);
      if (!deed || !news) {
        return notShown('No task was taken from the agent while it worked');
      }
      const [said] = saidAfter(recording, news, deed.taskId);
      return unless(said && `It sent ${said.name} about the task ${said.at - news.at} ms after it was told`);
    },
  },
  {
    id: 'tasks.pushes-nothing-when-told',
    level: 'must',
    promise: 'Pushes nothing of a task once it was told `lease_lost`.',
    source: 'docs/protocol.md, lease_lost: push nothing',
    judge(recording) {
      const scene = recording.during('lost lease');
      const deed = takenAway(scene, 'told');
      const news = deed && newsOfLoss(scene.after(deed), deed.taskId);
      return !news
        ? notShown('No task was taken from the agent while it worked')
        : unless(
            scene.after(news).pushAttempts().length > 0 &&
              'It pushed after it was told that the task is no longer its own',
          );
    },
  },
  {
    id: 'tasks.believes-a-refusal',
    level: 'must',
    promise: 'Says nothing more about a task once a command of it was answered `lease_lost`.',
    source: 'docs/protocol.md, lease_lost; AGENT-EDGES §6.2, lease lost',
    judge(recording) {
      const deed = takenAway(recording, 'silent');
      const news = deed && newsOfLoss(recording.after(deed), deed.taskId);
      if (!deed || !news) {
        return notShown('No command of the agent was refused because its lease was gone');
      }
      const [said] = saidAfter(recording, news, deed.taskId);
      return unless(said && `It sent ${said.name} about the task after it was refused`);
    },
  },
  {
    id: 'tasks.makes-sure-before-it-pushes',
    level: 'should',
    promise: 'Makes sure of its lease right before it pushes.',
    source: 'AGENT-EDGES §6.3: check renew right before push',
    judge(recording) {
      const scene = recording.during('lost in silence');
      const deed = takenAway(scene, 'silent');
      return !deed
        ? notShown('No task was taken from the agent while it worked')
        : unless(
            scene.after(deed).pushAttempts().length > 0 && 'It pushed without asking whether the task is still its own',
          );
    },
  },
  {
    id: 'tasks.does-not-fall-silent',
    level: 'must',
    promise: 'Ends every task that it claimed: by handing in, failing or releasing it.',
    source: 'docs/protocol.md, submit_work; fail_task; release_task',
    judge(recording) {
      const claimed = [...new Set(recording.accepted('claim_task').map(taskOf))];
      return claimed.length === 0
        ? notShown('The agent claimed nothing')
        : unless(
            firstComplaint(claimed, (taskId) => {
              const last = claimsOf(recording, taskId).at(-1);
              const since = last ? recording.after(last) : recording;
              const isTaken = recording.deeds('tookTaskAway').some((deed) => deed.taskId === taskId);
              // A claim that only makes sure of the lease may come after the end is on its way.
              const isEnded = conclusionOf(since, taskId) || (last && endedLease(recording, last));
              return !isTaken && !isEnded && 'It claimed a task and fell silent about it';
            }),
          );
    },
  },
  {
    id: 'tasks.says-when-it-cannot',
    level: 'must',
    promise: 'Fails or releases a task that it cannot do, and says why.',
    source: 'docs/protocol.md, fail_task; release_task',
    judge(recording) {
      const deed = recording.deed('gitFailed');
      if (!deed) {
        return notShown('The agent asked nothing of the repository that failed');
      }
      const conclusion = conclusionOf(recording, deed.taskId);
      if (conclusion?.name === 'submit_work') {
        return notShown('The agent found a way to do the task');
      }
      return unless(
        !conclusion
          ? 'It said nothing when it could not do a task'
          : !conclusion.request['reason'] && `It sent ${conclusion.name} without a reason`,
      );
    },
  },
  {
    id: 'tasks.finishes-after-a-cut',
    level: 'must',
    promise: 'Finishes a task in the middle of which its line was cut.',
    source: 'AGENT-EDGES §6.2, disconnect: keep working',
    judge(recording) {
      const scene = recording.during('cut in the middle');
      const held = scene.deed('heldWork');
      return !held || !scene.deed('cut')
        ? notShown('The line was not cut while the agent worked')
        : unless(
            scene.aboutTask(held.taskId).accepted('submit_work').length === 0 &&
              'It did not hand in the work after the cut',
          );
    },
  },
  {
    id: 'tasks.hands-in-once',
    level: 'must',
    promise: 'Hands in each piece of work once, whatever happens to the line.',
    source: 'DESIGN §1, idempotent for ever',
    judge(recording) {
      const accepted = recording.accepted('submit_work');
      const submissions = new Map<string, Set<unknown>>();
      for (const { request } of accepted) {
        const key = `${String(request['taskId'])} ${String(request['leaseId'])}`;
        submissions.set(key, (submissions.get(key) ?? new Set()).add(request['commandId']));
      }
      // What is refused with `lease_lost` was another submission after the first was taken in.
      const again = recording.answered('submit_work').find((one) => {
        const isRefused = !one.reply.ok && one.reply.error.code === 'lease_lost';
        return (
          isRefused &&
          accepted.some(
            (first) =>
              taskOf(first) === taskOf(one) && first.at < one.at && first.request['leaseId'] === one.request['leaseId'],
          )
        );
      });
      return accepted.length === 0
        ? notShown('The agent handed nothing in')
        : unless(
            ([...submissions.values()].some((ids) => ids.size > 1) || again) && 'It handed in one piece of work twice',
          );
    },
  },
  {
    id: 'tasks.repeats-by-the-same-id',
    level: 'must',
    promise: 'Repeats a command whose answer was lost, by the same id, unchanged.',
    source: 'docs/protocol.md, Connecting: commands that carry a commandId',
    judge(recording) {
      const lost = recording.deed('swallowedAnswer');
      const first =
        lost &&
        recording.asked(lost.command as CommandName).find(({ request }) => request['commandId'] === lost.commandId);
      if (!lost || !first) {
        return notShown('No answer of the server was lost');
      }
      const again = recording.after(lost).aboutTask(taskOf(first)).asked(first.name);
      const [repeat] = again;
      return unless(
        !repeat
          ? `It never asked again what became of ${first.name}`
          : JSON.stringify(repeat.request) !== JSON.stringify(first.request) &&
              `It sent another ${first.name} instead of the same`,
      );
    },
  },
  {
    id: 'tasks.takes-up-changes',
    level: 'must',
    promise: 'Takes its task up again when changes are asked for, and ends it again.',
    source: 'docs/protocol.md, review_task',
    judge(recording) {
      const asked = recording.deed('askedForChanges');
      if (!asked) {
        return notShown('No changes were asked for');
      }
      const since = recording.after(asked);
      return claimsOf(since, asked.taskId).length === 0
        ? failed('It did not claim the task again')
        : conclusionOf(since, asked.taskId)
          ? passed
          : failed('It claimed the task again and fell silent');
    },
  },
  {
    id: 'tasks.survives-a-crash',
    level: 'should',
    promise: 'Takes its work up again when it is started anew after a crash.',
    source: 'AGENT-EDGES §6.2, bridge crash',
    judge(recording) {
      const scene = recording.during('crash');
      const killed = scene.deed('killed');
      const held = scene.deed('heldWork');
      return !killed || !held
        ? notShown('The agent was not at work when it was to be killed')
        : unless(
            claimsOf(scene.after(killed), held.taskId).length === 0
              ? 'It did not take its task up again'
              : !conclusionOf(scene.after(killed), held.taskId) && 'It took its task up again and fell silent',
          );
    },
  },
];

/** Whether the lease of this claim was ended by a command that was accepted, before or after it. */
function endedLease(recording: Recording, claim: EntryOf<'answered'>): boolean {
  const leaseId = leaseIdOf(claim);
  return recording
    .aboutTask(taskOf(claim))
    .accepted(...CONCLUDING)
    .some(({ request }) => request['leaseId'] === leaseId);
}
