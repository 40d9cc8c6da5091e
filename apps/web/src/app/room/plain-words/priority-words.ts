import type { Task } from '@clawtank/contracts';
import { wordsOnly } from './words-only';

/** A priority that a text speaks of. */
export interface SpokenPriority {
  readonly priority: Task['priority'];
  /** In which words, as they stand there. */
  readonly words: string;
}

const OTHERWISE_NAMED = String.raw`(?!\s+(?:section|path|queue|inheritance|thread|task queue|label|tag|flag)s?\b)`;

const URGENT = [
  String.raw`(?:super |very |really |extremely )?urgent(?:ly)?${OTHERWISE_NAMED}`,
  String.raw`a\.?s\.?a\.?p\b\.?`,
  'as soon as (?:possible|you can)',
  'right away',
  String.raw`immediately(?!\s+(?:after|before|when|invoked|following|below|above|returns?|fails?|throws?|exits?|closes?))`,
  'drop everything',
  String.raw`(?:high(?:est)?|top)[ -]priority${OTHERWISE_NAMED}`,
  String.raw`priority(?::| is)? (?:high|top|urgent)`,
  String.raw`(?:business[ -])?critical${OTHERWISE_NAMED}`,
  String.raw`(?<!\b(?:ad|pop-?up|content|script|tracker) )(?:release |show)?-?blocker\b`,
  'emergency',
  String.raw`p[01]\b`,
].join('|');

const UNHURRIED = [
  String.raw`low(?:est)?[ -]priority${OTHERWISE_NAMED}`,
  'priority(?::| is)? low',
  String.raw`when(?:ever)? (?:you|someone|somebody|anyone) (?:have|has|get|gets|find|finds) (?:the |some |a |any )?(?:time|chance|moment|minute)`,
  'when(?:ever)? (?:time permits|convenient|there is time)',
  "(?:there(?:’|')?s |there is )?no (?:rush|hurry)",
  'in no (?:rush|hurry)',
  'nice[ -]to[ -]have',
  'not a priority',
  'can wait',
  'some ?day',
  'at your leisure',
  String.raw`p[34]\b`,
].join('|');

const NOT = String.raw`\b(?:not|isn[’']t|is not|wasn[’']t|no longer|never|nothing|less|hardly|neither|nor|doesn[’']t (?:seem|look))(?: (?:that|so|very|really|at all|too|particularly|all that|a|an|to be|the|is))*`;

const PATTERN = new RegExp(
  [
    String.raw`(?<unhurried>\b(?:${UNHURRIED}))`,
    String.raw`(?<denied>${NOT} (?:${URGENT}))`,
    String.raw`(?<revoked>${NOT} (?:${UNHURRIED})|\bcan(?:no|['’])t wait)`,
    String.raw`(?<urgent>\b(?:${URGENT}))`,
  ].join('|'),
  'giu',
);

/** The priority that a text speaks of first; what it denies being urgent is not urgent. Null if it says nothing of it. */
export function priorityIn(text: string): SpokenPriority | null {
  for (const { 0: words, groups = {} } of wordsOnly(text).matchAll(PATTERN)) {
    if (groups['urgent'] !== undefined) {
      return { priority: 'high', words };
    }
    if (groups['unhurried'] !== undefined || groups['denied'] !== undefined) {
      return { priority: 'low', words };
    }
  }
  return null;
}
