import { shortened } from './fence.js';

/** One of the project's checks, run once. */
export interface CheckResult {
  readonly command: string;
  readonly passed: boolean;
  /** In words: `passed in 3.1 s`, `ended with 1`, `did not end within 600 s`. */
  readonly outcome: string;
  /** The end of what it printed. */
  readonly output: string;
}

/** The checks as evidence for whoever reviews the work. */
export function evidence(results: readonly CheckResult[]): string {
  return results.map(({ command, outcome }) => `- \`${command.replaceAll('`', "'")}\`: ${outcome}`).join('\n');
}

/** A check as the server is told of it. */
export const claim = ({ command, passed, outcome, output }: CheckResult) => ({
  name: shortened(command, 100),
  command: shortened(command, 500),
  passed,
  summary: shortened([outcome, output.slice(-1500)].filter(Boolean).join('\n').replaceAll('\0', ''), 2000),
});

/** Why the work is not handed in. */
export function failingChecks(results: readonly CheckResult[]): string {
  const failing = results.filter(({ passed }) => !passed);
  const named = failing.map(({ command, outcome }) => `${shortened(command, 100)} ${outcome}`).join('; ');
  return `The project’s checks still fail: ${named}`;
}
