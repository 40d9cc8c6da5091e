import type { PublicEvent, PublicMember, PublicTask, SpectatorPresence, SpectatorWelcome } from '@clawtank/contracts';
import { type StandingEvent, withPublicEvents } from './standing-events';

/** What a spectator knows of a room: the state they were welcomed with, and every public event since. */
export interface WatchedRoom {
  readonly info: SpectatorWelcome['room_info'];
  readonly members: readonly PublicMember[];
  readonly tasks: readonly PublicTask[];
  /** Oldest first: everything up to `publicSeq`, as it stands by now. */
  readonly events: readonly StandingEvent[];
  /** Lately touched, newest first. */
  readonly files: readonly string[];
  readonly presence: SpectatorPresence;
  readonly publicSeq: number;
  readonly epoch: string;
}

/** A page that stays open all day forgets what happened long ago. */
export const MAX_EVENTS = 500;
const MAX_FILES = 20;

/** The room after a welcome: what the server says, and of what was on screen before whatever joins on to it. */
export function welcomed(before: WatchedRoom | null, welcome: SpectatorWelcome): WatchedRoom | null {
  const { current_state: state, room_info: info, presence, public_seq: publicSeq, epoch } = welcome;
  if (!state) {
    return before && { ...before, info, presence };
  }
  const earlier = before?.epoch === epoch ? joiningOn(before, state.recent_activity[0]?.public_seq) : [];
  return {
    info,
    members: state.members,
    tasks: state.tasks,
    events: withPublicEvents(earlier, state.recent_activity).slice(-MAX_EVENTS),
    files: state.current_files,
    presence,
    publicSeq,
    epoch,
  };
}

/** The room after `events`. Those known already change nothing; at the first gap it stops, and `isMissing` says so. */
export function heard(
  room: WatchedRoom,
  events: readonly PublicEvent[],
): { readonly room: WatchedRoom; readonly isMissing: boolean } {
  let after = room;
  for (const event of events) {
    if (event.public_seq > after.publicSeq + 1) {
      return { room: after, isMissing: true };
    }
    if (event.public_seq > after.publicSeq) {
      after = happened(after, event);
    }
  }
  return { room: after, isMissing: false };
}

function joiningOn({ events, publicSeq }: WatchedRoom, firstSeq: number | undefined): readonly StandingEvent[] {
  if (firstSeq === undefined || publicSeq < firstSeq - 1) {
    return [];
  }
  return events.filter(({ public_seq }) => public_seq < firstSeq);
}

function happened(room: WatchedRoom, event: PublicEvent): WatchedRoom {
  return {
    ...room,
    members: membersAfter(room.members, event),
    tasks: tasksAfter(room.tasks, event),
    files: event.type === 'git.commit' ? filesAfter(room.files, event.files_changed) : room.files,
    events: withPublicEvents(room.events, [event]).slice(-MAX_EVENTS),
    publicSeq: event.public_seq,
  };
}

function membersAfter(members: readonly PublicMember[], event: PublicEvent): readonly PublicMember[] {
  switch (event.type) {
    case 'member.joined':
      return seated(members, { id: event.event_id, name: event.member_name, type: 'human', owner: null });
    case 'agent.joined':
      return seated(members, { id: event.event_id, name: event.agent_name, type: 'agent', owner: event.agent_owner });
    case 'member.left':
      return members.filter(({ name, type }) => type !== 'human' || name !== event.member_name);
    case 'agent.left':
      return members.filter(({ name, type }) => type !== 'agent' || name !== event.agent_name);
    case 'agent.status_change':
    case 'agent.claimed_task':
      return shownActive(members, event.agent_name);
    case 'chat.public':
    case 'git.commit':
    case 'git.pr_opened':
      return shownActive(members, event.author);
    default:
      return members;
  }
}

function seated(members: readonly PublicMember[], member: Omit<PublicMember, 'status'>): readonly PublicMember[] {
  const others = members.filter(({ name, type }) => name !== member.name || type !== member.type);
  return [...others, { ...member, status: 'active' }];
}

/** Whoever just did something is there, whatever was known of them before. */
function shownActive(members: readonly PublicMember[], name: string): readonly PublicMember[] {
  const isNews = members.some((member) => member.name === name && member.status !== 'active');
  return isNews ? members.map((member) => (member.name === name ? { ...member, status: 'active' } : member)) : members;
}

function tasksAfter(tasks: readonly PublicTask[], event: PublicEvent): readonly PublicTask[] {
  switch (event.type) {
    case 'task.created':
      return withTask(tasks, taskOf(event, 'open', null));
    case 'agent.claimed_task':
      return withTask(tasks, taskOf(event, 'claimed', event.agent_name));
    case 'task.completed':
      return withTask(tasks, taskOf(event, 'done', event.agent_name));
    default:
      return tasks;
  }
}

function taskOf(
  { task_id, number, title }: Pick<PublicTask, 'task_id' | 'number' | 'title'>,
  state: string,
  agentName: string | null,
): PublicTask {
  return { task_id, number, title, state, agent_name: agentName };
}

function withTask(tasks: readonly PublicTask[], task: PublicTask): readonly PublicTask[] {
  return [...tasks.filter(({ task_id }) => task_id !== task.task_id), task];
}

function filesAfter(files: readonly string[], changed: readonly string[]): readonly string[] {
  return [...new Set([...changed, ...files])].slice(0, MAX_FILES);
}
