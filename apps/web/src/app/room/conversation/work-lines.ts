import type { ActivityItem, TaskConflict } from '@clawtank/contracts';

/** What happened to one thing while nobody spoke: one line in the conversation, told by its newest event. */
export interface WorkLine {
  /** The first event's; stays while the line grows. */
  readonly id: string;
  /** Oldest first; never empty. */
  readonly events: readonly ActivityItem[];
  /** The event that says how things stand. */
  readonly newest: ActivityItem;
}

interface Subject {
  readonly task: string | null;
  readonly agent: string | null;
  /** For what is about neither. */
  readonly other: string;
}

/**
 * Gathers what happened between two messages into one line for each task, or, where no task is named, each agent. A line
 * stands where its first event did and changes in place, so a busy agent does not push the talk away.
 */
export function collapse(run: readonly ActivityItem[]): WorkLine[] {
  const lines: { subject: Subject; events: ActivityItem[] }[] = [];
  for (const event of run) {
    const subject = subjectOf(event);
    const line = lines.findLast((one) => isSame(one.subject, subject));
    if (line) {
      line.events.push(event);
      line.subject = {
        ...line.subject,
        task: line.subject.task ?? subject.task,
        agent: line.subject.agent ?? subject.agent,
      };
    } else {
      lines.push({ subject, events: [event] });
    }
  }
  return lines.flatMap(({ events }) => {
    const [first] = events;
    const newest = tellingEvent(events);
    return first && newest ? [{ id: first.id, events, newest }] : [];
  });
}

/** The newest event that matters; a merge rather than the task that it finished. */
function tellingEvent(events: readonly ActivityItem[]): ActivityItem | undefined {
  const newest = events.findLast((event) => !isQuiet(event));
  return newest?.type === 'task.completed'
    ? (events.findLast(({ type }) => type === 'git.pr_merged') ?? newest)
    : newest;
}

/** Told elsewhere: by rings, by tabs, or by the merge that caused it. Worth a step in a line, but not a line. */
function isQuiet(event: ActivityItem): boolean {
  switch (event.type) {
    case 'git.pr_updated':
    case 'git.issue_updated':
      return true;
    case 'agent.status_change':
      return event.data.state.status !== 'error';
    case 'task.progressed':
      return event.actor.type !== 'agent';
    case 'git.commit':
      return event.data.push.commits.at(-1)?.message.startsWith('Merge pull request #') ?? false;
    default:
      return false;
  }
}

function isSame(one: Subject, other: Subject): boolean {
  if (one.task && other.task) {
    return one.task === other.task;
  }
  return one.agent || other.agent ? one.agent === other.agent : one.other === other.other;
}

function subjectOf(event: ActivityItem): Subject {
  switch (event.type) {
    case 'git.pr_opened':
    case 'git.pr_updated':
    case 'git.pr_merged':
    case 'git.pr_closed': {
      const { id, taskId, author } = event.data.pullRequest;
      return { task: taskId, agent: author.type === 'agent' ? author.id : null, other: id };
    }
    case 'git.issue_opened':
    case 'git.issue_updated':
    case 'git.issue_closed':
      return about(null, `issue ${event.data.issue.id}`);
    case 'git.commit':
      return about(
        event.actor.type === 'agent' ? event.actor.id : null,
        `push ${event.actor.name} ${event.data.push.branch}`,
      );
    case 'agent.joined':
      return about(event.data.member.id, '');
    case 'agent.left':
    case 'agent.status_change':
    case 'agent.held_back':
      return about(event.data.memberId, '');
    case 'member.joined':
    case 'member.updated':
      return about(null, event.data.member.id);
    case 'member.left':
      return about(null, event.data.memberId);
    case 'xp.awarded':
    case 'xp.level_up':
      return about(null, `xp ${event.data.userId}`);
    case 'approval.requested':
    case 'approval.decided': {
      const { taskId, agent } = event.data.approval;
      return { task: taskId, agent: agent.id, other: '' };
    }
    case 'task.conflict':
      return about(null, pairOf(event.data.conflict));
    case 'task.conflict_resolved':
      return about(null, pairOf(event.data));
    case 'room.created':
    case 'room.updated':
    case 'git.connected':
    case 'git.disconnected':
      return about(null, 'room');
    default: {
      const { id, lease, assignedTo } = event.data.task;
      return { task: id, agent: lease?.holder.id ?? assignedTo?.id ?? null, other: '' };
    }
  }
}

const pairOf = ({ tasks: [one, other] }: Pick<TaskConflict, 'tasks'>): string =>
  `conflict ${one.taskId} ${other.taskId}`;

const about = (agent: string | null, other: string): Subject => ({ task: null, agent, other });
