import {
  type ActivityItem,
  type ActivityPage,
  type ChatMessage,
  isActivity,
  isQuietChange,
  type MessagePage,
  type RoomEvent,
  type RoomEventOf,
  type RoomState,
  SNAPSHOT_LIMITS,
} from '@clawtank/contracts';
import { messageAsEvent, withChatEvent } from '@clawtank/room-state';

/**
 * A stretch of a room's past, as far as this page has read it. Each list is whole from its first entry to its last; the live
 * one goes on with every event, another ends somewhere in the past until it has been read up to now.
 */
export interface Timeline {
  readonly messages: readonly ChatMessage[];
  readonly activity: readonly ActivityItem[];
  /** Nothing lies before the first message, or before the first other entry. */
  readonly hasAllMessages: boolean;
  readonly hasAllActivity: boolean;
  /** Nothing lies after the last message, or after the last other entry. */
  readonly hasNewestMessages: boolean;
  readonly hasNewestActivity: boolean;
}

export const EMPTY_TIMELINE: Timeline = {
  messages: [],
  activity: [],
  hasAllMessages: true,
  hasAllActivity: true,
  hasNewestMessages: true,
  hasNewestActivity: true,
};

/** What a snapshot tells of the past. */
export function timelineOf({ messages, activity }: RoomState): Timeline {
  return {
    messages,
    activity,
    hasAllMessages: messages.length < SNAPSHOT_LIMITS.messages,
    hasAllActivity: activity.length < SNAPSHOT_LIMITS.activity,
    hasNewestMessages: true,
    hasNewestActivity: true,
  };
}

/** The past around one place. */
export function timelineAround(talk: MessagePage, work: ActivityPage): Timeline {
  return {
    messages: talk.messages,
    activity: work.activity,
    hasAllMessages: !talk.hasMore,
    hasAllActivity: !work.hasMore,
    hasNewestMessages: !talk.hasNewer,
    hasNewestActivity: !work.hasNewer,
  };
}

/** The timeline after `event`. What concerns a message that is not in it changes nothing, and what is no news neither. */
export function withEvent(timeline: Timeline, event: RoomEvent): Timeline {
  if (isActivity(event)) {
    return timeline.hasNewestActivity ? { ...timeline, activity: [...timeline.activity, event] } : timeline;
  }
  if (isQuietChange(event)) {
    return timeline;
  }
  const messages = withChatEvent(timeline.messages, event);
  return {
    ...timeline,
    messages: timeline.hasNewestMessages ? messages : messages.filter(({ id }) => id !== event.id),
  };
}

export function withOlderMessages(timeline: Timeline, { messages, hasMore }: MessagePage): Timeline {
  return {
    ...timeline,
    messages: [...olderThan(timeline.messages, messages), ...timeline.messages],
    hasAllMessages: !hasMore,
  };
}

export function withOlderActivity(timeline: Timeline, { activity, hasMore }: ActivityPage): Timeline {
  return {
    ...timeline,
    activity: [...olderThan(timeline.activity, activity), ...timeline.activity],
    hasAllActivity: !hasMore,
  };
}

export function withNewerMessages(timeline: Timeline, { messages, hasNewer }: MessagePage): Timeline {
  return {
    ...timeline,
    messages: [...timeline.messages, ...newerThan(timeline.messages, messages)],
    hasNewestMessages: !hasNewer,
  };
}

export function withNewerActivity(timeline: Timeline, { activity, hasNewer }: ActivityPage): Timeline {
  return {
    ...timeline,
    activity: [...timeline.activity, ...newerThan(timeline.activity, activity)],
    hasNewestActivity: !hasNewer,
  };
}

/** The live timeline reaching back as far as `past`, once the two meet; null while something lies between them. */
export function joined(past: Timeline, live: Timeline): Timeline | null {
  const meet =
    (past.hasNewestMessages || messagesKnownTo(past) >= messagesKnownFrom(live)) &&
    (past.hasNewestActivity || activityKnownTo(past) >= activityKnownFrom(live));
  return meet
    ? {
        messages: [...olderThan(live.messages, past.messages), ...live.messages],
        activity: [...olderThan(live.activity, past.activity), ...live.activity],
        hasAllMessages: past.hasAllMessages || live.hasAllMessages,
        hasAllActivity: past.hasAllActivity || live.hasAllActivity,
        hasNewestMessages: true,
        hasNewestActivity: true,
      }
    : null;
}

export type TimelineEntry = ActivityItem | RoomEventOf<'chat.message'>;

/** Everything in the order in which it happened, as far as both lists are known: never with a hole. */
export function entriesOf(timeline: Timeline): TimelineEntry[] {
  const from = Math.max(messagesKnownFrom(timeline), activityKnownFrom(timeline));
  const to = Math.min(messagesKnownTo(timeline), activityKnownTo(timeline));
  return [...timeline.messages.map(messageAsEvent), ...timeline.activity]
    .filter(({ seq }) => seq >= from && seq <= to)
    .sort((a, b) => a.seq - b.seq);
}

/** Which list has to be read further back for `entriesOf` to reach further back; null if it has everything. */
export function shorterList(timeline: Timeline): 'messages' | 'activity' | null {
  if (timeline.hasAllMessages && timeline.hasAllActivity) {
    return null;
  }
  return messagesKnownFrom(timeline) > activityKnownFrom(timeline) ? 'messages' : 'activity';
}

/** Which list has to be read further on for `entriesOf` to reach further; null if it reaches up to now. */
export function shorterEnd(timeline: Timeline): 'messages' | 'activity' | null {
  if (timeline.hasNewestMessages && timeline.hasNewestActivity) {
    return null;
  }
  return messagesKnownTo(timeline) < activityKnownTo(timeline) ? 'messages' : 'activity';
}

/** The newest `most` of each, when there are many more; what is left out can be read again. */
export function newestOf(timeline: Timeline, most: number): Timeline {
  if (timeline.messages.length <= 2 * most && timeline.activity.length <= 2 * most) {
    return timeline;
  }
  return {
    ...timeline,
    messages: timeline.messages.slice(-most),
    activity: timeline.activity.slice(-most),
    hasAllMessages: timeline.hasAllMessages && timeline.messages.length <= most,
    hasAllActivity: timeline.hasAllActivity && timeline.activity.length <= most,
  };
}

const messagesKnownFrom = ({ messages, hasAllMessages }: Timeline): number =>
  hasAllMessages ? 0 : (messages[0]?.seq ?? 0);

const activityKnownFrom = ({ activity, hasAllActivity }: Timeline): number =>
  hasAllActivity ? 0 : (activity[0]?.seq ?? 0);

const messagesKnownTo = ({ messages, hasNewestMessages }: Timeline): number =>
  hasNewestMessages ? Infinity : (messages.at(-1)?.seq ?? 0);

const activityKnownTo = ({ activity, hasNewestActivity }: Timeline): number =>
  hasNewestActivity ? Infinity : (activity.at(-1)?.seq ?? 0);

function olderThan<Item extends { readonly seq: number }>(
  known: readonly Item[],
  page: readonly Item[],
): readonly Item[] {
  const first = known[0]?.seq ?? Infinity;
  return page.filter(({ seq }) => seq < first);
}

function newerThan<Item extends { readonly seq: number }>(
  known: readonly Item[],
  page: readonly Item[],
): readonly Item[] {
  const last = known.at(-1)?.seq ?? -1;
  return page.filter(({ seq }) => seq > last);
}
