import type { Chrono } from 'chrono-node';

const FRIDAY = 5;

/** Reads "end of the week" and "EOD", which offices say and calendars do not. A week of work ends on its Friday. */
export function withEnds(chrono: Chrono): Chrono {
  const wider = chrono.clone();
  wider.parsers.push({
    pattern: () =>
      /\b(?:(?:the )?(?:end|close) of (?:(?:the|this) )?(?<unit>day|business|week)|(?<short>eod|eow|cob)|(?<which>this|next) week)\b(?! and)/i,
    extract: (context, { groups = {} }) => {
      const at = new Date(context.refDate);
      if (groups['unit'] === 'week' || /eow/i.test(groups['short'] ?? '') || groups['which']) {
        const weeks = /next/i.test(groups['which'] ?? '') ? 7 : 0;
        at.setDate(at.getDate() + ((FRIDAY - at.getDay() + 7) % 7) + weeks);
      }
      return context.createParsingComponents({ year: at.getFullYear(), month: at.getMonth() + 1, day: at.getDate() });
    },
  });
  return wider;
}
