import { type Check, groupOf, GROUPS, type Verdict } from './check.js';
import type { Recording } from './recording.js';

export interface Finding {
  readonly id: Check['id'];
  readonly level: Check['level'];
  readonly promise: string;
  readonly source: string;
  readonly outcome: Verdict['outcome'];
  /** Null if there is nothing to explain. */
  readonly why: string | null;
}

export interface Report {
  readonly server: string;
  readonly agent: string;
  readonly seconds: number;
  readonly counts: Readonly<Record<Verdict['outcome'], number>>;
  /** True if no required check failed. */
  readonly conforms: boolean;
  readonly findings: readonly Finding[];
  /** Scenes that could not be played, and why. */
  readonly missed: readonly { readonly scene: string; readonly why: string }[];
}

const SIGNS: Readonly<Record<Verdict['outcome'], string>> = { passed: '✓', failed: '✗', 'not shown': '–' };

export function judge(checks: readonly Check[], recording: Recording): Finding[] {
  return checks.map((check) => {
    const { id, level, promise, source } = check;
    const verdict = check.judge(recording);
    return {
      ...{ id, level, promise, source },
      outcome: verdict.outcome,
      why: verdict.outcome === 'passed' ? null : verdict.why,
    };
  });
}

export function reportOf(
  about: Pick<Report, 'server' | 'agent' | 'seconds'>,
  findings: readonly Finding[],
  recording: Recording,
): Report {
  const count = (outcome: Verdict['outcome']): number => findings.filter((one) => one.outcome === outcome).length;
  return {
    ...about,
    counts: { passed: count('passed'), failed: count('failed'), 'not shown': count('not shown') },
    conforms: !findings.some(({ level, outcome }) => level === 'must' && outcome === 'failed'),
    findings,
    missed: recording.of('missed').map(({ scene, why }) => ({ scene, why })),
  };
}

/** The report for people. */
export function asTable(report: Report): string {
  const width = Math.max(...report.findings.map(({ id }) => id.length));
  const lines = GROUPS.flatMap((group) => {
    const findings = report.findings.filter((one) => groupOf(one as unknown as Check) === group);
    return findings.length === 0
      ? []
      : [
          '',
          `${group}`,
          ...findings.flatMap(({ id, level, outcome, promise, why }) => [
            `  ${SIGNS[outcome]} ${id.padEnd(width)}  ${level.padEnd(6)}  ${promise}`,
            ...(why ? [`    ${' '.repeat(width)}          ${outcome}: ${why}`] : []),
          ]),
        ];
  });
  if (report.missed.length > 0) {
    lines.push('', 'not played to the end', ...report.missed.map(({ scene, why }) => `  ${scene}: ${why}`));
  }
  const { passed, failed, 'not shown': notShown } = report.counts;
  const verdict = report.conforms ? 'No required check failed.' : 'Required checks failed.';
  const summary = `${passed} passed, ${failed} failed, ${notShown} not shown, in ${report.seconds} seconds. ${verdict}`;
  return [`${report.agent} at ${report.server}`, ...lines, '', summary, ''].join('\n');
}
