import { resolve } from 'node:path';
import { Examination } from './examine.js';

const PATIENCE_MS = 600_000;
/** By its whole path: the bridge starts it in the worktree of each task. */
const ACP_AGENT = resolve('test/conformance/acp-agent.mjs');
const COMMAND = `node dist/bridge/clawtank-bridge.js join "$CLAWTANK_URL/rooms/$CLAWTANK_ROOM" --data "$CLAWTANK_WORK_FOLDER" -- node ${ACP_AGENT}`;

/** This agent never says that it cannot work before some time. */
const NOT_SHOWN = 'inbox.heeds-its-own-wait';

describe('the bridge, with an ACP agent that does what the conformance kit asks for', () => {
  let examination: Examination;
  beforeAll(async () => (examination = await Examination.begin()), PATIENCE_MS);
  afterAll(() => examination.end());

  it(
    'keeps every promise of the protocol',
    async () => {
      const findings = await examination.find(COMMAND);
      const wanting = findings.filter(({ id, outcome }) => outcome !== 'passed' && id !== NOT_SHOWN);
      expect(wanting).toEqual([]);
      expect(findings.filter(({ outcome }) => outcome === 'passed').length).toBeGreaterThanOrEqual(67);
    },
    PATIENCE_MS,
  );
});
