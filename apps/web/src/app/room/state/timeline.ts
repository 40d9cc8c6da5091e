import {
  type ActivityItem,
  type ActivityPage,
  type ChatMessage,
  type MessagePage,
  type RoomEvent,
  type RoomState,
  SNAPSHOT_LIMITS,
} from '@clawtank/contracts';
import { messageAsEvent } from '@clawtank/room-state';

/**
 * As much of a room's past as this page has read, up to now: more than the bounded lists of the room's state, and further
 * back whenever the reader scrolls up. Each list is whole from its first entry on.
 */
export interface Timeline {
  readonly messages: readonly ChatMessage[];
  readonly activity: readonly ActivityItem[];
  /** Nothing lies before the first message, or before the first other entry. */
  readonly hasAllMessages: boolean;
  readonly hasAllActivity: boolean;
}

export const EMPTY_TIMELINE: Timeline = { messages: [], activity: [], hasAllMessages: true, hasAllActivity: true };

/** What a snapshot tells of the past. */
export function timelineOf({ messages, activity }: RoomState): Timeline {
  return {
    messages,
    activity,
    hasAllMessages: messages.length < SNAPSHOT_LIMITS.messages,
    hasAllActivity: activity.length < SNAPSHOT_LIMITS.activity,
  };
}

export function withEvent(timeline: Timeline, event: RoomEvent): Timeline {
  return event.type === 'chat.message'
    ? { ...timeline, messages: [...timeline.messages, event.data.message] }
    : { ...timeline, activity: [...timeline.activity, event] };
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

/** Everything in the order in which it happened, from the moment since when both lists are known: never with a hole. */
export function entriesOf(timeline: Timeline): RoomEvent[] {
  const from = Math.max(messagesKnownFrom(timeline), activityKnownFrom(timeline));
  return [...timeline.messages.map(messageAsEvent), ...timeline.activity]
    .filter(({ seq }) => seq >= from)
    .sort((a, b) => a.seq - b.seq);
}

/** Which list has to be read further back for `entriesOf` to reach further back; null if it has everything. */
export function shorterList(timeline: Timeline): 'messages' | 'activity' | null {
  if (timeline.hasAllMessages && timeline.hasAllActivity) {
    return null;
  }
  return messagesKnownFrom(timeline) > activityKnownFrom(timeline) ? 'messages' : 'activity';
}

/** The newest `most` of each, when there are many more; what is left out can be read again. */
export function newestOf(timeline: Timeline, most: number): Timeline {
  if (timeline.messages.length <= 2 * most && timeline.activity.length <= 2 * most) {
    return timeline;
  }
  return {
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

function olderThan<Item extends { readonly seq: number }>(
  known: readonly Item[],
  page: readonly Item[],
): readonly Item[] {
  const first = known[0]?.seq ?? Infinity;
  return page.filter(({ seq }) => seq < first);
}
