/** What was found about one thing that the bridge needs. */
export interface Finding {
  readonly about: string;
  readonly state: 'ok' | 'wrong' | 'skipped';
  readonly what: string;
  /** What to do about it. */
  readonly remedy?: string;
}

const MARKS = { ok: '✓', wrong: '✗', skipped: '–' } as const;

/** The findings as a table for a terminal, each remedy below what it is for. */
export function table(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ about }) => about.length));
  const indent = ' '.repeat(width + 4);
  return findings
    .map(({ about, state, what, remedy }) => {
      const line = `${MARKS[state]} ${about.padEnd(width)}  ${what.split('\n').join(`\n${indent}`)}`;
      return remedy ? `${line}\n${indent}→ ${remedy.split('\n').join(`\n${indent}  `)}` : line;
    })
    .join('\n');
}

export const isSomethingWrong = (findings: readonly Finding[]): boolean =>
  findings.some(({ state }) => state === 'wrong');

/** Whether the first version number in a text is at least this one. */
export function isAtLeast(text: string, wanted: readonly [major: number, minor: number]): boolean {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(text) ?? [];
  const [wantedMajor, wantedMinor] = wanted;
  return Number(major) > wantedMajor || (Number(major) === wantedMajor && Number(minor) >= wantedMinor);
}
