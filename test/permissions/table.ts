import type { Asked, Scene } from './scene.js';

/** Everybody who may ask, as seen from one private room. */
export const CALLERS = [
  /** Without a token. */
  'anonymous',
  /** Signed in, with no seat anywhere. */
  'spectator',
  /** The host of another room. */
  'outsider',
  'guest',
  'member',
  /** The member's. */
  'agent',
  /** Another member's. */
  'otherAgent',
  'moderator',
  'host',
  /** Of the server; with no seat in the room. */
  'admin',
  'banned',
] as const;
export type CallerName = (typeof CALLERS)[number];

/** How the columns are headed, in the order of `CALLERS`. */
const HEADINGS = 'anon spec outs gues memb agen oagn mode host admi bann';

/** What is short for a code that stands in many places; any other code stands as it is. */
const SHORT: Readonly<Record<string, string>> = {
  '401': 'unauthenticated',
  '403': 'forbidden',
  '404': 'not_found',
  ban: 'banned',
};

export type Prepare = (scene: Scene, caller: CallerName) => Asked | Promise<Asked>;

export interface Row {
  /** `GET /api/rooms/:id`, or the name of a command. */
  readonly subject: string;
  /** What sets this row apart from others of the same subject. */
  readonly variant: string;
  readonly expected: Readonly<Record<CallerName, string>>;
  readonly prepare: Prepare;
}

const CELLS = /^(.*?)((?:\s+\S+){11})$/;
const SUBJECT = /^(.*?)(?: \((.+)\))?$/;

/**
 * The rows of a hand-written table: a subject, perhaps a variant in brackets, and what each caller hears. Requests are found under
 * the subject with its variant; what needs no preparation needs none.
 */
export function rows(table: string, requests: Readonly<Record<string, Prepare>> = {}): Row[] {
  const [headings, ...lines] = table.split('\n').filter((line) => line.trim() !== '');
  if (headings?.trim().split(/\s+/).join(' ') !== HEADINGS) {
    throw new Error(`A table starts with its headings: ${HEADINGS}`);
  }
  const unused = new Set(Object.keys(requests));
  const read = joined(lines).map((line): Row => {
    const [, name = '', cells = ''] = CELLS.exec(line.trimEnd()) ?? [];
    const key = name.trim().replace(/\s+/g, ' ');
    const [, subject = '', variant = ''] = SUBJECT.exec(key) ?? [];
    const outcomes = cells.trim().split(/\s+/);
    if (!subject || outcomes.length !== CALLERS.length) {
      throw new Error(`Not a row: ${line}`);
    }
    unused.delete(key);
    return {
      subject,
      variant,
      expected: Object.fromEntries(
        CALLERS.map((caller, index) => [caller, SHORT[outcomes[index]!] ?? outcomes[index]!]),
      ) as Row['expected'],
      prepare: requests[key] ?? (() => ({})),
    };
  });
  if (unused.size > 0) {
    throw new Error(`Requests without a row: ${[...unused].join(', ')}`);
  }
  return read;
}

/** A long subject stands on a line of its own, above its cells. */
function joined(lines: readonly string[]): string[] {
  return lines.reduce<string[]>((whole, line) => {
    const before = whole.at(-1);
    return before !== undefined && !CELLS.test(before)
      ? [...whole.slice(0, -1), `${before} ${line}`]
      : [...whole, line];
  }, []);
}

/** A row as the table would have it, to be compared and printed. */
export const inShort = (outcomes: Readonly<Record<CallerName, string>>): string =>
  CALLERS.map(
    (caller) => Object.keys(SHORT).find((short) => SHORT[short] === outcomes[caller]) ?? outcomes[caller],
  ).join(' ');
