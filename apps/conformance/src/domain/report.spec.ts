import type { Check } from './check.js';
import type { Entry } from './entry.js';
import { Recording } from './recording.js';
import { asTable, judge, reportOf } from './report.js';

const ABOUT = { server: 'http://tank', agent: 'an-agent', seconds: 3 };
const NOBODY = { agentId: 'a', token: 't', ownerId: 'o', defaultBranch: 'main' };

const aCheck = (level: Check['level'], verdict: ReturnType<Check['judge']>): Check => ({
  id: `tasks.${level}-${verdict.outcome.replace(' ', '-')}`,
  level,
  promise: 'Does what it should.',
  source: 'somewhere',
  judge: () => verdict,
});
const reportOn = (checks: Check[], entries: Entry[] = []) => {
  const recording = new Recording(NOBODY, entries);
  return reportOf(ABOUT, judge(checks, recording), recording);
};

describe('the report', () => {
  it('conforms as long as no required check failed', () => {
    const failed = { outcome: 'failed', why: 'It did not' } as const;
    expect(reportOn([aCheck('should', failed)]).conforms).toBe(true);
    expect(reportOn([aCheck('must', failed)]).conforms).toBe(false);
  });

  it('never counts as passed what was not shown', () => {
    const report = reportOn([aCheck('must', { outcome: 'not shown', why: 'It never came' })]);
    expect(report.counts).toEqual({ passed: 0, failed: 0, 'not shown': 1 });
    expect(asTable(report)).toMatch(/– tasks\.must-not-shown .*\n.*not shown: It never came/);
    expect(asTable(report)).toContain('0 passed, 0 failed, 1 not shown, in 3 seconds.');
  });

  it('names the scenes that could not be played', () => {
    const missed: Entry = { at: 1, process: 1, scene: 'crash', kind: 'missed', why: 'The agent did not register' };
    const report = reportOn([], [missed]);
    expect(report.missed).toEqual([{ scene: 'crash', why: 'The agent did not register' }]);
    expect(asTable(report)).toContain('not played to the end\n  crash: The agent did not register\n');
  });
});
