import type { StandingEvent } from '../stream/standing-events';

type EventOf<Type extends StandingEvent['type']> = Extract<StandingEvent, { readonly type: Type }>;
export type SpeechEvent = EventOf<'chat.public'>;

/** Events that have a shape of their own in the feed. */
export type ShownEvent = EventOf<
  | 'task.created'
  | 'agent.claimed_task'
  | 'task.completed'
  | 'git.commit'
  | 'git.pr_opened'
  | 'git.pr_merged'
  | 'milestone.level_up'
>;

/** What the feed shows, one below the other. `key` stays the same while an entry grows. */
export type FeedEntry =
  /** What one member said in one go. */
  | { readonly kind: 'speech'; readonly key: string; readonly said: readonly SpeechEvent[] }
  | { readonly kind: 'event'; readonly key: string; readonly event: ShownEvent }
  /** Comings and goings, in a few words. */
  | { readonly kind: 'aside'; readonly key: string; readonly at: string; readonly words: readonly string[] }
  /** Nothing happened for long; what follows began at `at`. */
  | { readonly kind: 'pause'; readonly key: string; readonly at: string };

const MINUTE = 60_000;
/** Later words of the same member are a new speech. */
const ONE_GO = 5 * MINUTE;
const LONG_PAUSE = 30 * MINUTE;

/** The public events as a person reads them. */
export function feedEntries(events: readonly StandingEvent[]): FeedEntry[] {
  const entries: FeedEntry[] = [];
  let aside: StandingEvent[] = [];
  let lastAt: number | null = null;

  for (const event of events) {
    if (isToldElsewhere(event)) {
      continue;
    }
    const at = Date.parse(event.timestamp);
    if (lastAt !== null && at - lastAt > LONG_PAUSE) {
      endAside();
      entries.push({ kind: 'pause', key: `pause before ${event.event_id}`, at: event.timestamp });
    }
    lastAt = at;
    add(event);
  }
  endAside();
  return entries;

  function add(event: StandingEvent): void {
    switch (event.type) {
      case 'chat.public':
        endAside();
        speak(event);
        break;
      case 'member.joined':
      case 'member.left':
      case 'agent.joined':
      case 'agent.left':
      case 'agent.status_change':
        aside.push(event);
        break;
      default:
        endAside();
        entries.push({ kind: 'event', key: event.event_id, event });
    }
  }

  function speak(event: SpeechEvent): void {
    const last = entries.at(-1);
    if (last?.kind === 'speech' && isOneGo(last.said, event)) {
      entries[entries.length - 1] = { ...last, said: [...last.said, event] };
    } else {
      entries.push({ kind: 'speech', key: event.event_id, said: [event] });
    }
  }

  function endAside(): void {
    const [first] = aside;
    if (first) {
      entries.push({ kind: 'aside', key: first.event_id, at: first.timestamp, words: inWords(aside) });
      aside = [];
    }
  }
}

/**
 * That an agent works or idles is for its card to tell, and the push by which a merge is made for the merge. A message
 * without words shows something that is not public, or was deleted before it was read again.
 */
function isToldElsewhere(event: StandingEvent): boolean {
  return (
    (event.type === 'chat.public' && event.content === '') ||
    (event.type === 'agent.status_change' && event.status !== 'error') ||
    (event.type === 'git.commit' && /^Merge pull request #\d+ from /.test(event.commits.at(-1)?.message ?? ''))
  );
}

function isOneGo(said: readonly SpeechEvent[], next: SpeechEvent): boolean {
  const last = said.at(-1);
  return (
    last?.author === next.author &&
    last.author_type === next.author_type &&
    Date.parse(next.timestamp) - Date.parse(last.timestamp) < ONE_GO
  );
}

function inWords(events: readonly StandingEvent[]): string[] {
  const came = events.flatMap((event) => (event.type === 'member.joined' ? [event.member_name] : []));
  const left = events.flatMap((event) => (event.type === 'member.left' ? [event.member_name] : []));
  const seated = events.flatMap((event) =>
    event.type === 'agent.joined' ? [`${event.agent_name} (${event.agent_owner}’s agent)`] : [],
  );
  const unseated = events.flatMap((event) => (event.type === 'agent.left' ? [event.agent_name] : []));
  const troubled = events.flatMap((event) => (event.type === 'agent.status_change' ? [event.agent_name] : []));
  return [
    ...phrase(came, 'came in'),
    ...phrase(seated, 'took a seat'),
    ...phrase(left, 'left'),
    ...phrase(unseated, 'gave up the seat', 'gave up their seats'),
    ...phrase(troubled, 'ran into a problem'),
  ];
}

function phrase(names: readonly string[], one: string, several = one): string[] {
  const known = [...new Set(names)];
  return known.length > 0 ? [`${listed(known)} ${known.length === 1 ? one : several}`] : [];
}

/** "mara", "mara and jo", "mara, jo and otter". */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
