import type { AutoMergeObstacle, AutoMergeStanding, PullRequest, Task } from '@clawtank/contracts';
import { PROVIDER_NAMES } from '../../shared/provider-names';

/** Whether and why not yet a pull request is merged by itself, in a plain sentence; null where there is nothing to say. */
export function autoMergeWords(standing: AutoMergeStanding, pull: PullRequest, task: Task | null): string | null {
  switch (standing) {
    case 'archived':
      return null;
    case 'closed':
      return pull.autoMerge?.state === 'merged'
        ? `Merged by itself, as ${pull.autoMerge.approvedBy.name} had approved it.`
        : null;
    case 'superseded':
      return `Not needed any more: task ${task?.number} was handed in anew with #${task?.pullRequest}.`;
    case 'off':
      return task?.state === 'approved'
        ? 'Somebody has to merge it: merging approved work by itself is off in this room.'
        : null;
    case 'git_off':
      return 'Not merged by itself while the room does not follow its repository.';
    case 'paused':
      return 'Not merged by itself while all agents of the room rest.';
    case 'no_task':
      return 'Not merged by itself: it belongs to no task whose work somebody could approve.';
    case 'other_base':
      return `Not merged by itself: it goes into ${pull.base}, which is not the default branch.`;
    case 'at_work':
      return 'Merges by itself once its work is handed in and approved.';
    case 'new_commits':
      return 'Not merged by itself: it has commits that were not handed in, and an approval counts for one commit only. Ask for changes to have them handed in.';
    case 'waits_for_approval':
      return 'Merges by itself as soon as somebody approves it.';
    case 'conflicts':
      return `Approved, and not merged by itself: it conflicts with ${pull.base}.`;
    case 'ready':
      return `Approved by ${task?.review?.by.name ?? 'a reviewer'}: it is being merged.`;
    case 'refused':
      return pull.autoMerge && whyRefused(pull, pull.autoMerge);
  }
}

function whyRefused(pull: PullRequest, { obstacle, message, approvedBy }: NonNullable<PullRequest['autoMerge']>) {
  const host = PROVIDER_NAMES[pull.provider];
  const reasons: Record<AutoMergeObstacle, string> = {
    approver_may_not: `${approvedBy.name} approved it and may not merge here any more: it waits for somebody else’s approval`,
    token_may_not: `the room’s access token may not merge it at ${host}`,
    conflicts: `${host} finds that it conflicts with ${pull.base}`,
    checks: `checks at ${host} fail or are not over`,
    draft: `it is a draft at ${host}`,
    rules: `${host} does not let it be merged`,
    head_moved: 'its branch has other commits by now',
    unavailable: `${host} could not merge it just now`,
  };
  const said = message === '' ? '.' : `: “${message}”`;
  return `Approved, and not merged by itself yet: ${reasons[obstacle ?? 'unavailable']}${said} It is tried again every minute.`;
}
