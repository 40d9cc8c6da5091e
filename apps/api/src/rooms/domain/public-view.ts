import type { Actor, PublicView, RoomEvent, RoomEventOf, RoomEventType } from '@clawtank/contracts';
import { publicText } from './public-text.js';

type Projections = { readonly [Type in RoomEventType]: ((event: RoomEventOf<Type>) => PublicView | null) | 'private' };

const MAX_COMMITS = 20;
const MAX_FILES = 50;

// Fields are named one by one, and so are events: whatever is added to a room later stays hidden from strangers until
// someone decides here that it is public.
const PROJECTIONS: Projections = {
  'room.created': 'private',
  'room.updated': 'private',
  'member.joined': ({ data: { member } }) => ({ type: 'member.joined', member_name: member.name }),
  'member.left': ({ data }) => ({ type: 'member.left', member_name: data.name }),
  'member.updated': 'private',
  'agent.joined': ({ data: { member } }) => ({
    type: 'agent.joined',
    agent_name: member.name,
    agent_owner: member.ownerName ?? '',
  }),
  'agent.left': ({ data }) => ({ type: 'agent.left', agent_name: data.name }),
  'agent.status_change': ({ data }) => ({
    type: 'agent.status_change',
    agent_name: data.name,
    status: data.state.status,
  }),
  'agent.held_back': 'private',
  'chat.message': ({ data: { message } }) =>
    message.visibility === 'public'
      ? {
          type: 'chat.public',
          ...authorOf(message.author),
          content: publicText(message.message),
          ...(message.promotedBy && { promoted_by: message.promotedBy.name }),
        }
      : null,
  'chat.edited': ({ data: { message } }) =>
    message.visibility === 'public'
      ? { type: 'chat.edited', target_event_id: message.id, content: publicText(message.message) }
      : null,
  'chat.deleted': ({ data }) => ({ type: 'chat.deleted', target_event_id: data.messageId }),
  'chat.reacted': 'private',
  'chat.previewed': 'private',
  'chat.pinned': 'private',
  'chat.unpinned': 'private',
  'task.created': ({ data: { task } }) => ({ type: 'task.created', ...taskOf(task), creator: task.createdBy.name }),
  'agent.claimed_task': ({ actor, data: { task, ownerName } }) => ({
    type: 'agent.claimed_task',
    ...taskOf(task),
    agent_name: actor.name,
    agent_owner: ownerName,
  }),
  'task.progressed': 'private',
  'task.submitted': 'private',
  'task.released': 'private',
  'task.updated': 'private',
  'task.reviewed': 'private',
  'task.receipt': 'private',
  // The files of a push are public where the push is; what somebody plans to touch, and whose work clashes, is the room's own business.
  'task.paths': 'private',
  'task.conflict': 'private',
  'task.conflict_resolved': 'private',
  'task.failed': 'private',
  'task.cancelled': 'private',
  'task.completed': ({ data: { task } }) => ({
    type: 'task.completed',
    ...taskOf(task),
    agent_name: task.assignedTo?.name ?? null,
  }),
  // What the public was told of it before is rewritten in place.
  'task.redacted': 'private',
  // They say what would run on somebody's machine.
  'approval.requested': 'private',
  'approval.decided': 'private',
  'git.connected': 'private',
  'git.disconnected': 'private',
  'git.commit': ({ actor, data: { push } }) =>
    push.commits.length > 0
      ? {
          type: 'git.commit',
          ...authorOf(actor),
          branch: publicText(push.branch),
          commit_count: push.totalCommits,
          commits: push.commits
            .slice(0, MAX_COMMITS)
            .map(({ sha, message }) => ({ sha: sha.slice(0, 10), message: publicText(firstLine(message)) })),
          files_changed: push.filesChanged.slice(0, MAX_FILES).map(publicText),
        }
      : null,
  'git.pr_opened': ({ data: { pullRequest } }) => ({
    type: 'git.pr_opened',
    ...pullRequestOf(pullRequest),
    additions: pullRequest.additions,
    deletions: pullRequest.deletions,
    files_changed: pullRequest.files.slice(0, MAX_FILES).map(({ path }) => publicText(path)),
  }),
  'git.pr_updated': 'private',
  'git.pr_merged': ({ data: { pullRequest } }) => ({
    type: 'git.pr_merged',
    ...pullRequestOf(pullRequest),
    merged_by: pullRequest.mergedBy?.name ?? '',
  }),
  'git.pr_closed': 'private',
  // Anybody may have written them, and the repository may be a private one.
  'git.issue_opened': 'private',
  'git.issue_updated': 'private',
  'git.issue_closed': 'private',
  'xp.awarded': 'private',
  'xp.level_up': ({ data }) => ({ type: 'milestone.level_up', member_name: data.name, level: data.level }),
};

/** What the public learns of an event of a public room; null for nothing. An event nobody has judged is dropped. */
export function publicView(event: RoomEvent): PublicView | null {
  if (!Object.hasOwn(PROJECTIONS, event.type)) {
    return null;
  }
  const projection = PROJECTIONS[event.type] as ((event: RoomEvent) => PublicView | null) | 'private';
  return projection === 'private' ? null : projection(event);
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

const authorOf = ({ name, type }: Actor) => ({
  author: name,
  author_type: type === 'human' || type === 'agent' || type === 'spectator' ? type : ('system' as const),
});

const taskOf = ({ id, number, title }: { id: string; number: number; title: string }) => ({
  task_id: id,
  number,
  title: publicText(title),
});

const pullRequestOf = ({ number, title, author }: { number: number; title: string; author: Actor }) => ({
  number,
  title: publicText(title),
  ...authorOf(author),
});
