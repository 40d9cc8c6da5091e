import { Examination } from './examine.js';

const PATIENCE_MS = 600_000;

describe('the OpenClaw plugin', () => {
  let examination: Examination;
  beforeAll(async () => {
    examination = await Examination.begin();
  }, PATIENCE_MS);
  afterAll(() => examination.end());

  it(
    'keeps every promise of the protocol',
    async () => {
      const findings = await examination.find('node test/conformance/openclaw-host.mjs');
      expect(findings.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    },
    PATIENCE_MS,
  );
});
