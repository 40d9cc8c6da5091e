import type { Chrono, ParsedResult } from 'chrono-node';
import type { Language } from './languages';
import { wordsOnly } from './words-only';

/** A deadline that a text speaks of. */
export interface SpokenDeadline {
  readonly at: Date;
  /** In which words, as they stand there. */
  readonly words: string;
  /** Where in the text they stand. */
  readonly start: number;
  readonly end: number;
}

/** Whoever names a day further off than this most likely names something else. */
const FAR_YEARS = 2;
const HOUR = 3_600_000;

/** Names of days and months that mean something else as often. */
const FALSE_FRIENDS = /^(?:may|march|mar|sat|sun|mon|wed|jan|dec|second)\b/;
/** Shorter names of days are words of their own in one language or another. */
const SHORTEST = 4;
const IS_WEEKDAY = /day/i;
const NEVER_DUE = /^(?:for|last|past|previous|every|each|now|right now|at|over|after)\b/i;
const SLASHED = /^\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?\.?$/;
const OVER =
  /\b(?:was|were|did|failed|broke|broken|happened|merged|shipped|released|started|saw|had|has been|got|went|landed|crashed|worked|since)\b/i;
const PARTS_OF_DAY = { morning: 12, afternoon: 18 } as const;

/** The deadline that a text speaks of in one language: the first that it calls one, else the first. Nothing that has passed. */
export function deadlineIn(text: string, { due, notDue }: Language, chrono: Chrono, now: Date): SpokenDeadline | null {
  const said = wordsOnly(text);
  const found = chrono.parse(said, now, { forwardDate: true }).flatMap((result) => {
    const before = said.slice(0, result.index);
    const introduction = due.exec(before)?.[0] ?? '';
    const isDue = introduction !== '';
    const at = momentOf(result);
    const isAhead = at > now && at.getFullYear() - now.getFullYear() <= FAR_YEARS;
    if (!isAhead || (!isDue && notDue.test(before)) || !isMeant(result, { said, before, isDue, now })) {
      return [];
    }
    const start = result.index - introduction.length;
    const end = result.index + result.text.replace(/[\s,.;]+$/, '').length;
    return [{ isDue, deadline: { at, words: text.slice(start, end), start, end } }];
  });
  return (found.find(({ isDue }) => isDue) ?? found[0])?.deadline ?? null;
}

interface Surroundings {
  readonly said: string;
  readonly before: string;
  readonly isDue: boolean;
  readonly now: Date;
}

/** Whether the words are a time at which something is due, as far as their surroundings tell. */
function isMeant({ index, text, start, end }: ParsedResult, { said, before, isDue, now }: Surroundings): boolean {
  const isDay = start.isCertain('day') || start.isCertain('weekday') || (end?.isCertain('day') ?? false);
  const isDuration = start.tags().has('result/relativeDateAndTime');
  const isMonth = start.isCertain('month') && !isDay;
  if (NEVER_DUE.test(text) || isMonth) {
    return false;
  }
  if (isDue) {
    return isDay || start.isCertain('hour');
  }
  if (!isDay || text.length < SHORTEST || SLASHED.test(text) || FALSE_FRIENDS.test(text)) {
    return false;
  }
  const clause = before.slice(Math.max(...['.', '!', '?', ';', '\n'].map((mark) => before.lastIndexOf(mark))) + 1);
  if (OVER.test(clause)) {
    return false;
  }
  if (isDuration) {
    return start.date().getTime() - now.getTime() >= HOUR;
  }
  const isBareWeekday = start.isCertain('weekday') && !start.isCertain('day') && IS_WEEKDAY.test(text);
  const rest = said.slice(index + text.length);
  return !isBareWeekday || /^\s*(?:[.,;:!?)\n]|$|please|at the latest)/.test(rest);
}

/** A day that was named without an hour lasts until its end. */
function momentOf({ start, end }: ParsedResult): Date {
  const last = end ?? start;
  if (last.isCertain('hour')) {
    return last.date();
  }
  const day = last.date();
  const part = (['morning', 'afternoon'] as const).find((name) => last.tags().has(`casualReference/${name}`));
  return part
    ? new Date(day.getFullYear(), day.getMonth(), day.getDate(), PARTS_OF_DAY[part])
    : new Date(day.getFullYear(), day.getMonth(), day.getDate(), 23, 59);
}
