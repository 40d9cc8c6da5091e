import { type Check, firstComplaint, notShown, unless } from '../check.js';
import type { Recording } from '../recording.js';

const SILENT = notShown('The agent asked for no leave');

const scene = (recording: Recording): Recording => recording.during('asking leave');
const decisions = (recording: Recording) => scene(recording).deeds('decided');

export const APPROVALS: readonly Check[] = [
  {
    id: 'approvals.waits',
    level: 'must',
    promise: 'Neither pushes nor hands in while it waits for leave.',
    source: 'docs/protocol.md, request_approval',
    judge(recording) {
      const decided = decisions(recording);
      return decided.length === 0
        ? SILENT
        : unless(
            firstComplaint(decided, (decision) => {
              const asked = scene(recording).aboutTask(decision.taskId).accepted('request_approval')[0];
              const meanwhile = scene(recording).after(asked).before(decision);
              return (
                (meanwhile.gitPushes().length > 0 || meanwhile.asked('submit_work').length > 0) &&
                'It went on before its owner had decided'
              );
            }),
          );
    },
  },
  {
    id: 'approvals.heeds-a-no',
    level: 'must',
    promise: 'Does not do what its owner rejected.',
    source: 'docs/protocol.md, approval_decided',
    judge(recording) {
      const rejected = decisions(recording).find(({ decision }) => decision === 'rejected');
      if (!rejected) {
        return SILENT;
      }
      const given = recording.deeds('gaveTask').find(({ taskId }) => taskId === rejected.taskId);
      const work = scene(recording)
        .of('inspected')
        .find(({ taskId }) => taskId === rejected.taskId);
      return unless(work && given && Object.hasOwn(work.files, given.file) && 'It did what it was not allowed to do');
    },
  },
  {
    id: 'approvals.hears-what-was-decided-meanwhile',
    level: 'must',
    promise: 'Goes on when it comes back and was given leave while it was cut off.',
    source: 'AGENT-EDGES §6.2, reconnect: pending approvals',
    judge(recording) {
      const decision = decisions(recording).find(({ whileAway }) => whileAway);
      if (!decision) {
        return SILENT;
      }
      const { taskId } = decision;
      if (scene(recording).before(decision).aboutTask(taskId).accepted('submit_work').length > 0) {
        return notShown('The agent had handed in before its owner decided');
      }
      const isDone = scene(recording).after(decision).aboutTask(taskId).accepted('submit_work').length > 0;
      return unless(!isDone && 'It did not go on after it was given leave');
    },
  },
  {
    id: 'approvals.asks-once',
    level: 'must',
    promise: 'Asks for one step once: by the same id after an interruption, and not again while it waits.',
    source: 'docs/protocol.md, RequestApproval: approvalId',
    judge(recording) {
      const asked = scene(recording).asked('request_approval');
      const tasks = [...new Set(asked.map(({ request }) => String(request['taskId'])))];
      return asked.length === 0
        ? SILENT
        : unless(
            firstComplaint(tasks, (taskId) => {
              const all = asked.filter(({ request }) => request['taskId'] === taskId);
              const names = new Set(all.map(({ request }) => request['approvalId']));
              const lines = all.map(({ line }) => line);
              return names.size > 1
                ? 'It asked for one step under several ids'
                : new Set(lines).size < lines.length && 'It asked twice on one connection';
            }),
          );
    },
  },
];
