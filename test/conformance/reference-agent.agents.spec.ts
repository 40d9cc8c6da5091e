import { Examination } from './examine.js';

const PATIENCE_MS = 240_000;
const COMMAND = 'node dist/api/apps/reference-agent/src/main.js';
/** The reference agent asks for no leave and leaves its inbox alone: that the SDK does both rightly is shown with another agent. */
const NOT_SHOWN = /^(approvals|inbox)\./;

describe('the agent SDK, through the reference agent', () => {
  let examination: Examination;
  beforeAll(async () => (examination = await Examination.begin()), PATIENCE_MS);
  afterAll(() => examination.end());

  it(
    'keeps every promise of the protocol',
    async () => {
      const findings = await examination.find(COMMAND);
      const wanting = findings.filter(({ id, outcome }) => outcome !== 'passed' && !NOT_SHOWN.test(id));
      expect(wanting).toEqual([]);
      expect(findings.filter(({ outcome }) => outcome === 'passed').length).toBeGreaterThanOrEqual(40);
    },
    PATIENCE_MS,
  );
});
