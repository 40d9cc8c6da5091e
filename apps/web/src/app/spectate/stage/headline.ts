import type { SpeechEvent } from '../feed/feed-entries';
import type { StandingEvent } from '../stream/standing-events';
import type { Work } from './work';

/** What is happening in a room right now, the most telling thing first. */
export type Headline =
  | { readonly kind: 'merged'; readonly work: Work; readonly isFresh: boolean }
  | { readonly kind: 'building'; readonly work: Work }
  | { readonly kind: 'review'; readonly work: Work }
  | { readonly kind: 'waiting'; readonly work: Work }
  | { readonly kind: 'talking'; readonly said: SpeechEvent }
  | { readonly kind: 'quiet'; readonly since: string | null };

const MINUTE = 60_000;
/** A merge is the news for this long, whatever else goes on. */
const FRESH_MERGE = MINUTE;
/** And for this long it is more telling than talk. */
const RECENT_MERGE = 10 * MINUTE;
/** People are talking if somebody spoke within this time. */
const TALK = 5 * MINUTE;
/** What nobody touched for so long is not what is happening now. */
const STALE = 12 * 60 * MINUTE;

/** The one thing a stranger should read first. `works` as worksOf gives them. */
export function headlineOf(works: readonly Work[], events: readonly StandingEvent[], now: number): Headline {
  const isRecent = (at: string | null | undefined, within: number) => at != null && now - Date.parse(at) < within;
  const lastMerged = works.find(({ times }) => times.merged !== undefined);
  if (lastMerged && isRecent(lastMerged.times.merged, FRESH_MERGE)) {
    return { kind: 'merged', work: lastMerged, isFresh: true };
  }
  // What was under way when the spectator came, and has not moved since, counts as well.
  const open = works.filter(({ isFinished, movedAt }) => !isFinished && (movedAt === null || isRecent(movedAt, STALE)));
  const building = open.find(({ reached }) => reached === 'claimed' || reached === 'committed');
  if (building) {
    return { kind: 'building', work: building };
  }
  const inReview = open.find(({ reached }) => reached === 'proposed');
  if (inReview) {
    return { kind: 'review', work: inReview };
  }
  const waiting = open.find(({ reached }) => reached === 'asked');
  if (waiting) {
    return { kind: 'waiting', work: waiting };
  }
  if (lastMerged && isRecent(lastMerged.times.merged, RECENT_MERGE)) {
    return { kind: 'merged', work: lastMerged, isFresh: false };
  }
  // A message without words shows something that is not public; and the stage is for those who build.
  const said = events
    .filter((event) => event.type === 'chat.public')
    .findLast(({ content, author_type }) => content !== '' && author_type !== 'spectator');
  if (said && isRecent(said.timestamp, TALK)) {
    return { kind: 'talking', said };
  }
  if (lastMerged && isRecent(lastMerged.times.merged, STALE)) {
    return { kind: 'merged', work: lastMerged, isFresh: false };
  }
  return { kind: 'quiet', since: events.at(-1)?.timestamp ?? null };
}

/** Unfinished work beside the headline's. */
export function alsoOpen(works: readonly Work[], headline: Headline): Work[] {
  const shown = 'work' in headline ? headline.work.key : null;
  return works.filter(({ key, isFinished }) => !isFinished && key !== shown);
}
