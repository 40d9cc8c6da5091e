/** Something to find, or to keep out of what is found: a word, or several that follow each other. */
export interface SearchTerm {
  readonly text: string;
  readonly isExcluded: boolean;
}

export const SEARCHABLE_CONTENTS = ['code', 'link', 'image'] as const;
export type SearchableContent = (typeof SEARCHABLE_CONTENTS)[number];

/** What somebody looks for: every part narrows it. */
export interface SearchQuery {
  readonly terms: readonly SearchTerm[];
  /** By any of these authors. */
  readonly from: readonly string[];
  /** In any of these rooms, by name or id. */
  readonly in: readonly string[];
  /** Before this instant, and not before that one. */
  readonly before: string | null;
  readonly since: string | null;
  readonly has: readonly SearchableContent[];
  /** Only what became a task. */
  readonly isTask: boolean;
}

/** What is wrong with a question, for the one who asked it. */
export interface SearchProblem {
  readonly problem: string;
}

// A quotation may stay open: people search while they type.
const PART = /(-?)(?:(from|in|before|after|has|is):(?:"([^"]*)"?|([^\s"]\S*))|"([^"]*)"?|(\S+))/gi;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

type Draft = { -readonly [Part in keyof SearchQuery]: SearchQuery[Part] };

/** What each operator makes of its value; a text is what is wrong with it. */
const OPERATORS: Readonly<Record<string, (draft: Draft, value: string) => string | undefined>> = {
  from: (draft, name) => void (draft.from = [...draft.from, name.replace(/^@/, '')]),
  in: (draft, room) => void (draft.in = [...draft.in, room.replace(/^#/, '')]),
  before: (draft, text) => {
    const day = startOfDay(text);
    if (day === null) {
      return 'before: needs a day such as 2026-02-17';
    }
    draft.before = narrower(draft.before, new Date(day).toISOString(), Math.min);
    return undefined;
  },
  after: (draft, text) => {
    const day = startOfDay(text);
    if (day === null) {
      return 'after: needs a day such as 2026-02-17';
    }
    draft.since = narrower(draft.since, new Date(day + DAY_MS).toISOString(), Math.max);
    return undefined;
  },
  has: (draft, text) => {
    const content = SEARCHABLE_CONTENTS.find((one) => one === text.toLowerCase());
    if (!content) {
      return `has: is followed by ${SEARCHABLE_CONTENTS.join(', ')}`;
    }
    draft.has = [...new Set([...draft.has, content])];
    return undefined;
  },
  is: (draft, text) => {
    draft.isTask = text.toLowerCase() === 'task';
    return draft.isTask ? undefined : 'is: is followed by task';
  },
};

/**
 * Reads a question as people type it. Days are those of UTC: `before:` is before the day begins, `after:` is after it has ended.
 * An operator that there is not is a word like any other; what holds no letter and no digit cannot be looked up and is left out.
 */
export function parseSearchQuery(text: string): SearchQuery | SearchProblem {
  const draft: Draft = { terms: [], from: [], in: [], before: null, since: null, has: [], isTask: false };
  for (const [, minus, name, quotedValue, plainValue, phrase, word] of text.matchAll(PART)) {
    const isExcluded = minus === '-';
    if (name === undefined) {
      const term = (phrase ?? word ?? '').trim();
      draft.terms = /[\p{L}\p{N}]/u.test(term) ? [...draft.terms, { text: term, isExcluded }] : draft.terms;
      continue;
    }
    const problem = isExcluded
      ? `Only words and "phrases" can be excluded, not ${name}:`
      : OPERATORS[name.toLowerCase()]?.(draft, (quotedValue ?? plainValue ?? '').trim());
    if (problem !== undefined) {
      return { problem };
    }
  }
  return draft;
}

/** Whether nothing is asked that could be answered. */
export const asksNothing = ({ terms, from, in: rooms, before, since, has, isTask }: SearchQuery): boolean =>
  terms.length + from.length + rooms.length + has.length === 0 && before === null && since === null && !isTask;

const narrower = (one: string | null, other: string, choose: (...instants: number[]) => number): string =>
  one === null ? other : new Date(choose(Date.parse(one), Date.parse(other))).toISOString();

/** Milliseconds at which a day begins; null for what is no day, such as the 30th of February. */
function startOfDay(text: string): number | null {
  const at = DAY.test(text) ? Date.parse(`${text}T00:00:00.000Z`) : Number.NaN;
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text ? null : at;
}
